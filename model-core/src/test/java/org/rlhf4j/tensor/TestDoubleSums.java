package org.rlhf4j.tensor;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.api.Test;

class TestDoubleSums {
  /** No multiple of any vector's width. */
  private static final int COUNT = 203;

  private static final int LENGTH = 210;

  private static float[] values(Random random) {
    float[] values = new float[LENGTH];
    for (int i = 0; i < LENGTH; i++) {
      values[i] = (float) (random.nextGaussian() * Math.pow(2, random.nextInt(260) - 140));
    }
    values[0] = Float.NaN;
    values[1] = Float.NEGATIVE_INFINITY;
    values[2] = -0f;
    values[3] = Float.MIN_VALUE;
    return values;
  }

  @Test
  void sumsAreThoseOfALoopToTheBit() {
    Random random = new Random(3);
    double[] sums = new double[LENGTH];
    double[] expected = new double[LENGTH];
    for (double factor : new double[] {1.0 / 3, 0.7, -1e-3}) {
      float[] values = values(random);
      DoubleSums.addScaled(values, factor, sums, COUNT);
      for (int i = 0; i < COUNT; i++) {
        expected[i] += factor * values[i];
      }
    }
    assertThat(sums).isEqualTo(expected);
  }

  @Test
  void roundsAsACastDoes() {
    Random random = new Random(4);
    double[] sums = new double[LENGTH];
    DoubleSums.addScaled(values(random), 1.0 / 3, sums, COUNT);
    DoubleSums.addScaled(values(random), 0.7, sums, COUNT);
    sums[5] = 1e300;
    sums[6] = -1e-300;
    sums[7] = 1 + Math.ulp(1f) / 2; // between two floats: to the even one
    float[] rounded = new float[LENGTH];
    DoubleSums.round(sums, rounded, COUNT);
    float[] expected = new float[LENGTH];
    for (int i = 0; i < COUNT; i++) {
      expected[i] = (float) sums[i];
    }
    assertThat(rounded).isEqualTo(expected);
  }
}
