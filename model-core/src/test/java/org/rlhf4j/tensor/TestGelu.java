package org.rlhf4j.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.function.DoubleUnaryOperator;
import org.junit.jupiter.api.Test;

class TestGelu {
  private static final int STEPS = 4001; // not a multiple of any vector width
  private static final double FURTHEST = 100;
  private static final double ROUNDING = 1e-6;

  /** Times a gradient of 1e-18, this is still a normal float. */
  private static final float SMALLEST_FACTOR = 1e-18f;

  @Test
  void isTheTanhForm() {
    Matrix x = grid();
    Matrix y = Matrix.of(Floats.allocate(STEPS), 1, STEPS);

    Gelu.forward(x, y, 0, 1);

    requireClose(x, y, TestGelu::gelu);
  }

  @Test
  void slopeIsThatOfTheTanhForm() {
    Matrix x = grid();
    Matrix dy = Matrix.of(Floats.allocate(STEPS), 1, STEPS);
    for (int i = 0; i < STEPS; i++) {
      dy.values().set(i, 1f);
    }

    Gelu.backward(x, dy, 0, 1);

    double h = 1e-6;
    requireClose(x, dy, v -> (gelu(v + h) - gelu(v - h)) / (2 * h));
  }

  /** Subnormal floats make every product they enter ten times slower. */
  @Test
  void saturatesFarAboveSubnormalFloats() {
    int count = STEPS - STEPS % Lanes.WIDTH;
    Matrix x = grid().columns(0, count);
    Matrix y = Matrix.of(Floats.allocate(count), 1, count);

    Gelu.forward(x, y, 0, 1);

    for (int i = 0; i < count; i++) {
      if (at(x, i) != 0) {
        float sigmoid = y.values().at(i) / at(x, i);
        assertThat(sigmoid).as("sigmoid for %s", at(x, i)).isGreaterThan(SMALLEST_FACTOR);
      }
    }
  }

  private static Matrix grid() {
    Matrix x = Matrix.of(Floats.allocate(STEPS), 1, STEPS);
    for (int i = 0; i < STEPS; i++) {
      x.values().set(i, (float) (FURTHEST * (2.0 * i / (STEPS - 1) - 1)));
    }
    return x;
  }

  private static float at(Matrix x, int column) {
    return x.values().at(x.start(0) + column);
  }

  private static double gelu(double x) {
    return 0.5 * x * (1 + Math.tanh(Math.sqrt(2 / Math.PI) * (x + 0.044715 * x * x * x)));
  }

  private static void requireClose(Matrix x, Matrix actual, DoubleUnaryOperator expected) {
    for (int i = 0; i < STEPS; i++) {
      double value = expected.applyAsDouble(at(x, i));
      assertThat((double) at(actual, i))
          .as("at %s", at(x, i))
          .isCloseTo(value, within(ROUNDING * (1 + Math.abs(value))));
    }
  }
}
