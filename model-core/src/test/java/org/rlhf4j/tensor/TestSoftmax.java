package org.rlhf4j.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

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

  @Test
  void theLargestIsFoundAmongAnySigns() {
    float[][] samples = {
      {-3f, -2f, -1e30f}, {-0f, 1e-38f, -5f}, {Float.NEGATIVE_INFINITY, -80f, -7f}, {0f, 4f, 1e30f}
    };
    float[] largest = {-2f, 1e-38f, -7f, 1e30f};
    for (int s = 0; s < samples.length; s++) {
      float[] values = repeated(samples[s]);
      assertThat(Softmax.max(values, 0, COUNT)).isEqualTo(largest[s]);
      assertThat(Softmax.max(memory(values).bytes(), 0, COUNT)).isEqualTo(largest[s]);
    }
  }

  @Test
  void weightsAreExponentials() {
    float[] values = new float[COUNT];
    for (int i = 0; i < COUNT; i++) {
      values[i] = 3f - 1.2f * i;
    }
    float[] exponentials = values.clone();

    Softmax.exponentials(exponentials, 0, COUNT, 3f);

    for (int i = 0; i < COUNT; i++) {
      double expected = Math.exp((double) values[i] - 3f);
      assertThat((double) exponentials[i]).isCloseTo(expected, within(ROUNDING * expected));
    }
  }

  /** A float that is no number has a sign: Java's is positive, that of x86's arithmetic not. */
  @ParameterizedTest
  @ValueSource(ints = {0x7fc00000, 0xffc00000})
  void whatIsNoNumberStaysNone(int bits) {
    float[] values = new float[COUNT];
    values[5] = Float.intBitsToFloat(bits);

    float sum = Softmax.exponentials(values, 0, COUNT, Softmax.max(values, 0, COUNT));

    assertThat(sum).isNaN();
  }

  private static float[] repeated(float[] sample) {
    float[] values = new float[COUNT];
    for (int i = 0; i < COUNT; i++) {
      values[i] = sample[i % sample.length];
    }
    return values;
  }

  private static Floats memory(float[] values) {
    Floats memory = HostFloats.create(values.length);
    memory.copyFrom(values, 0, 0, values.length);
    return memory;
  }
}
