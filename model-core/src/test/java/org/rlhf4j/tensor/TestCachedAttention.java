package org.rlhf4j.tensor;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

class TestCachedAttention {
  private static final AttentionShape SHAPE = new AttentionShape(4, 2, 16, 0);
  private static final int[] LENGTHS = {70, 1, 40};
  private static final int TOKENS = 111;
  private static final int REPETITIONS = 30;

  /** Tokens of one prompt see each other's keys, which are written in the same call. */
  @Test
  void newTokensSeeOneAnotherWhateverTheThreads() {
    float[] alone = attend(1);
    assertThat(alone).doesNotContain(0f);
    for (int i = 0; i < REPETITIONS; i++) {
      assertThat(Arrays.equals(attend(4), alone)).as("repetition %d", i).isTrue();
    }
  }

  /** Of all tokens of some sequences in one call, into a new cache. */
  private static float[] attend(int threads) {
    Kernels kernels = KernelSet.CPU.kernels(threads);
    try (KeyValueCache cache = kernels.keyValueCache(SHAPE, 1)) {
      KeyValueCache.Row[] rows = new KeyValueCache.Row[TOKENS];
      int[] positions = new int[TOKENS];
      int token = 0;
      for (int length : LENGTHS) {
        KeyValueCache.Row row = cache.open();
        row.reserve(length);
        for (int position = 0; position < length; position++) {
          rows[token] = row;
          positions[token++] = position;
        }
      }
      Random random = new Random(7);
      float[] values = new float[TOKENS * SHAPE.width()];
      for (int i = 0; i < values.length; i++) {
        values[i] = (float) random.nextGaussian();
      }
      Matrix qkv = Matrix.of(KernelSet.CPU.allocate(values.length), TOKENS, SHAPE.width());
      qkv.values().copyFrom(values, 0, 0, values.length);
      float[] result = new float[TOKENS * SHAPE.heads() * SHAPE.headSize()];
      Matrix out = Matrix.of(KernelSet.CPU.allocate(result.length), TOKENS, result.length / TOKENS);
      cache.attend(0, SHAPE, qkv, rows, positions, out);
      out.values().copyTo(0, result, 0, result.length);
      return result;
    } finally {
      kernels.close();
    }
  }
}
