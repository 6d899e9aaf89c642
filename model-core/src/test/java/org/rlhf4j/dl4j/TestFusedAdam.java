package org.rlhf4j.dl4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Random;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.GradientUpdater;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.linalg.learning.config.IUpdater;
import org.nd4j.linalg.schedule.FixedSchedule;
import org.rlhf4j.tensor.Floats;

class TestFusedAdam {
  private static final double GOLDEN = 2e-10;

  /** Deeplearning4j computes 1 - 0.999 in float, which is wrong in the fifth digit. */
  private static final double RELATIVE = 1e-4;

  private static final double RATE = 1e-3;

  @Test
  void matchesTheGoldenSteps() {
    float[] gradients = {1e-4f, -2e-4f, 5e-5f};
    double[] parameters = {-.00024025307, -.00008861691, -.00003120606};
    GradientUpdater<?> updater = updater(new FusedAdam(new FixedSchedule(RATE), 1e-5), 1);
    double parameter = 0;
    for (int step = 0; step < gradients.length; step++) {
      INDArray gradient = Nd4j.createFromArray(gradients[step]);
      updater.applyUpdater(gradient, step, 0);
      parameter -= gradient.getFloat(0);
      assertThat(parameter)
          .as("after step %d", step + 1)
          .isCloseTo(parameters[step], within(GOLDEN));
    }
  }

  @Test
  void isDeeplearning4jsOwnAdam() {
    int size = 1003; // no multiple of a vector's lanes
    GradientUpdater<?> fused = updater(new FusedAdam(new FixedSchedule(RATE), 1e-8), size);
    GradientUpdater<?> stock = updater(new Adam(RATE, 0.9, 0.999, 1e-8), size);
    Random random = new Random(7);
    for (int step = 0; step < 5; step++) {
      float[] values = new float[size];
      for (int i = 0; i < size; i++) {
        values[i] = (float) random.nextGaussian();
      }
      INDArray mine = Nd4j.createFromArray(values);
      INDArray theirs = Nd4j.createFromArray(values);
      fused.applyUpdater(mine, step, 0);
      stock.applyUpdater(theirs, step, 0);
      assertThat(mine.sub(theirs).amaxNumber().doubleValue() / RATE).isLessThan(RELATIVE);
    }
  }

  @Test
  void sumsSquaresInDouble() {
    Floats values = Floats.allocate(100_003);
    double expected = 0;
    for (int i = 0; i < values.length(); i++) {
      values.set(i, i % 7 - 3);
      expected += (i % 7 - 3) * (i % 7 - 3);
    }
    assertThat(VectorMath.sumOfSquares(values)).isEqualTo(expected);
  }

  private static GradientUpdater<?> updater(IUpdater config, int parameters) {
    return config.instantiate(Nd4j.create(1, config.stateSize(parameters)), true);
  }
}
