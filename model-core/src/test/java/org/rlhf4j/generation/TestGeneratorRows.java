package org.rlhf4j.generation;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.rlhf4j.decoder.DecoderModel;
import org.rlhf4j.decoder.GoldenModel;
import org.rlhf4j.tensor.KernelSet;

/** A promise of the processor's kernels only: neighbours and threads do not change a bit. */
class TestGeneratorRows {
  @ParameterizedTest
  @ValueSource(ints = {1, 3, 16})
  void cpuRowDependsNeitherOnItsBatchNorOnThreads(int batchSize) {
    DecoderModel model = GoldenModel.load("gpt2_tied").model().in(KernelSet.CPU);
    int[][] prompts = TestGenerator.prompts(16, 37);
    int[] end = {7};
    List<GeneratedResponse> expected =
        TestGenerator.generate(model, TestGenerator.config(10, 5), end, 2, prompts);

    List<GeneratedResponse> actual =
        TestGenerator.generate(model, TestGenerator.config(10, batchSize), end, 1, prompts);

    for (int i = 0; i < prompts.length; i++) {
      assertThat(actual.get(i).tokens()).isEqualTo(expected.get(i).tokens());
      assertThat(actual.get(i).logprobs()).isEqualTo(expected.get(i).logprobs());
    }
  }
}
