package org.rlhf4j.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class TestSoftmax {
  private static final int COUNT = 64; // whole vectors of any width
  private static final double ROUNDING = 1e-6;

  @Test
  void unlikelyValuesAreSmallButNotSubnormal() {
    float[] values = new float[COUNT];
    for (int i = 1; i < COUNT; i += 2) {
      values[i] = -100f;
    }

    float sum = Softmax.exponentials(values, 0, COUNT, Softmax.max(values, 0, COUNT));
    Softmax.scale(values, 0, COUNT, 1 / sum);

    for (int i = 0; i < COUNT; i += 2) {
      assertThat((double) values[i]).isCloseTo(2.0 / COUNT, within(ROUNDING));
    }
    for (int i = 1; i < COUNT; i += 2) {
      assertThat(values[i]).isBetween(Float.MIN_NORMAL, 1e-30f);
    }
  }
}
