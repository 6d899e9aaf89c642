package org.rlhf4j.decoder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.rlhf4j.tensor.KernelSet;
import org.rlhf4j.tensor.Processor;

/**
 * A promise of the processor's kernels only, and of products for AVX-512: threads do not change a
 * bit. Those for AVX2 round by the shape of a thread's part.
 */
class TestDecoderThreads {
  // Large enough that matrix products are cut between threads.
  private static final DecoderConfig WIDE =
      new DecoderConfig("gpt2", 2, 4, 4, 128, 512, 64, 300, true, 1e-5);

  @ParameterizedTest
  @ValueSource(ints = {2, 3, 5})
  void cpuResultsAreBitwiseTheSameForEveryNumberOfThreads(int threads) {
    assumeThat(Processor.hasAvx512()).isTrue();
    DecoderModel model = DecoderModel.random(WIDE, DecoderHead.LANGUAGE_MODEL, 1).in(KernelSet.CPU);
    TokenBatch batch = TestBatches.of(1, TestBatches.sequences(300, 2, 64, 40, 17, 64, 33, 50));

    TestDecoder.Result one = TestDecoder.run(model, batch, 1);
    TestDecoder.Result many = TestDecoder.run(model, batch, threads);

    assertThat(many.outputs()).isEqualTo(one.outputs());
    assertThat(many.gradients()).isEqualTo(one.gradients());
  }
}
