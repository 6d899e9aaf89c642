package org.rlhf4j.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class TestSwiglu {
  private static final int WIDTH = 531; // not a multiple of any vector width
  private static final double FURTHEST = 60;
  private static final double ROUNDING = 2e-6;

  @Test
  void isTheGateTimesItsSigmoidTimesUp() {
    Matrix hidden = hidden();
    Matrix y = Matrix.of(Floats.allocate(WIDTH), 1, WIDTH);

    Swiglu.forward(hidden, y, 0, 1);

    for (int i = 0; i < WIDTH; i++) {
      requireClose(y.values().at(i), swiglu(gate(i), up(i)), i);
    }
  }

  @Test
  void gradientsAreThoseOfTheFormula() {
    Matrix dHidden = Matrix.of(Floats.allocate(2 * WIDTH), 1, 2 * WIDTH);
    Matrix dy = Matrix.of(Floats.allocate(WIDTH), 1, WIDTH);
    for (int i = 0; i < WIDTH; i++) {
      dy.values().set(i, 1f);
    }

    Swiglu.backward(hidden(), dy, dHidden, 0, 1);

    double h = 1e-6;
    for (int i = 0; i < WIDTH; i++) {
      double g = gate(i);
      double u = up(i);
      double byGate = (swiglu(g + h, u) - swiglu(g - h, u)) / (2 * h);
      requireClose(dHidden.values().at(i), byGate, i);
      requireClose(dHidden.values().at(WIDTH + i), swiglu(g, 1), i);
    }
  }

  private static Matrix hidden() {
    Matrix hidden = Matrix.of(Floats.allocate(2 * WIDTH), 1, 2 * WIDTH);
    for (int i = 0; i < WIDTH; i++) {
      hidden.values().set(i, gate(i));
      hidden.values().set(WIDTH + i, up(i));
    }
    return hidden;
  }

  private static float gate(int i) {
    return (float) (FURTHEST * (2.0 * i / (WIDTH - 1) - 1));
  }

  private static float up(int i) {
    return (float) Math.sin(i);
  }

  private static double swiglu(double gate, double up) {
    return gate / (1 + Math.exp(-gate)) * up;
  }

  private static void requireClose(float actual, double expected, int column) {
    assertThat((double) actual)
        .as("gate %s", gate(column))
        .isCloseTo(expected, within(ROUNDING * (1 + Math.abs(expected))));
  }
}
