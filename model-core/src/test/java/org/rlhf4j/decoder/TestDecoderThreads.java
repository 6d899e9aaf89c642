package org.rlhf4j.decoder;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.rlhf4j.tensor.Differences;
import org.rlhf4j.tensor.KernelSet;
import org.rlhf4j.tensor.Processor;

/**
 * A promise of the processor's kernels only, and of products for AVX-512: threads do not change a
 * bit. Those for AVX2 round by the shape of a thread's part.
 */
class TestDecoderThreads {
  private static final float AVX2_TOLERANCE = 1e-3f;

  // Large enough that matrix products are cut between threads.
  private static final DecoderConfig WIDE =
      new DecoderConfig("gpt2", 2, 4, 4, 128, 512, 64, 300, true, 1e-5);

  @ParameterizedTest
  @ValueSource(ints = {2, 3, 5})
  void cpuResultsAreBitwiseTheSameForEveryNumberOfThreads(int threads) {
    DecoderModel model = DecoderModel.random(WIDE, DecoderHead.LANGUAGE_MODEL, 1).in(KernelSet.CPU);
    TokenBatch batch = TestBatches.of(1, TestBatches.sequences(300, 2, 64, 40, 17, 64, 33, 50));

    TestDecoder.Result one = TestDecoder.run(model, batch, 1);
    TestDecoder.Result many = TestDecoder.run(model, batch, threads);

    float tolerance = Processor.hasAvx512() ? 0f : AVX2_TOLERANCE;
    assertThat(Differences.largest(many.outputs(), one.outputs())).isLessThanOrEqualTo(tolerance);
    assertThat(Differences.largest(many.gradients(), one.gradients()))
        .isLessThanOrEqualTo(tolerance);
  }
}
