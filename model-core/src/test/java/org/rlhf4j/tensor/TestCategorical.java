package org.rlhf4j.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TestCategorical {
  private static final double LOG_TOLERANCE = 1e-6;
  private static final double BOUNDARY = 1e-5; // of the cumulated probability, float32
  private static final int GRID = 5000;

  private static float[] logits(int size) {
    Random random = new Random(size);
    float[] logits = new float[size];
    for (int i = 0; i < size; i++) {
      logits[i] = (float) (4 * random.nextGaussian());
    }
    return logits;
  }

  private static double[] cumulated(float[] logits) {
    double[] cumulated = new double[logits.length + 1];
    for (int i = 0; i < logits.length; i++) {
      cumulated[i + 1] = cumulated[i] + Math.exp(logits[i]);
    }
    return Arrays.stream(cumulated).map(sum -> sum / cumulated[logits.length]).toArray();
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 5, 255, 256, 257, 1000, 4097})
  void drawsWhereTheCumulatedProbabilityPasses(int size) {
    float[] logits = logits(size);
    double[] cumulated = cumulated(logits);
    Categorical categorical = new Categorical(size);
    categorical.set(logits);

    double sum = Arrays.stream(box(logits)).map(Math::exp).sum();
    assertThat(categorical.logSum()).isCloseTo(Math.log(sum), within(LOG_TOLERANCE));
    for (int i = 0; i < GRID; i++) {
      double uniform = (double) i / GRID;
      int token = categorical.draw(uniform);
      assertThat(uniform).isBetween(cumulated[token] - BOUNDARY, cumulated[token + 1] + BOUNDARY);
    }
  }

  private static double[] box(float[] values) {
    double[] doubles = new double[values.length];
    Arrays.setAll(doubles, i -> values[i]);
    return doubles;
  }

  @ParameterizedTest
  @ValueSource(doubles = {0, 0.3, 0.999999, 0x1.fffffffffffffp-1})
  void whatStandsAtMinusInfinityIsNeverDrawn(double uniform) {
    float[] logits = new float[600];
    Arrays.fill(logits, Float.NEGATIVE_INFINITY);
    logits[3] = 1000; // in the first block only
    Categorical categorical = new Categorical(logits.length);
    categorical.set(logits);
    assertThat(categorical.draw(uniform)).isEqualTo(3);

    logits[3] = Float.NEGATIVE_INFINITY;
    logits[599] = -1000; // in the last
    categorical.set(logits);
    assertThat(categorical.draw(uniform)).isEqualTo(599);
  }
}
