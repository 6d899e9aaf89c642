package org.rlhf4j.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class TestSoftmax {
  private static final int COUNT = 64; // whole vectors of any width
  private static final double ROUNDING = 1e-6;

  @Test
  void unlikelyValuesAreSmallButNotSubnormal() {
    Floats values = Floats.allocate(COUNT);
    for (int i = 1; i < COUNT; i += 2) {
      values.set(i, -100f);
    }

    Softmax.normalise(values.bytes(), 0, COUNT);

    for (int i = 0; i < COUNT; i += 2) {
      assertThat((double) values.at(i)).isCloseTo(2.0 / COUNT, within(ROUNDING));
    }
    for (int i = 1; i < COUNT; i += 2) {
      assertThat(values.at(i)).isBetween(Float.MIN_NORMAL, 1e-30f);
    }
  }
}
