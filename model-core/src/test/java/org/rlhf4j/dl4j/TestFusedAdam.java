package org.rlhf4j.dl4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.assertj.core.api.Assertions.withinPercentage;

import java.util.Locale;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;
import org.nd4j.linalg.learning.GradientUpdater;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.linalg.learning.config.IUpdater;
import org.nd4j.linalg.schedule.FixedSchedule;
import org.rlhf4j.tensor.KernelSet;

@ParameterizedClass
@EnumSource(KernelSet.class)
class TestFusedAdam {
  private static final double GOLDEN = 2e-10;

  /** Deeplearning4j computes 1 - 0.999 in float, which is wrong in the fifth digit. */
  private static final double RELATIVE = 1e-4;

  private static final double ROUNDING = 1e-4; // percent
  private static final double RATE = 1e-3;

  @Parameter private KernelSet kernels;

  @BeforeEach
  void choose() {
    System.setProperty(KernelSet.PROPERTY, kernels.name().toLowerCase(Locale.ROOT));
  }

  @AfterEach
  void forget() {
    System.clearProperty(KernelSet.PROPERTY);
  }

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
    float[] values = new float[100_003];
    double expected = 0;
    for (int i = 0; i < values.length; i++) {
      values[i] = i % 7 - 3;
      expected += (double) values[i] * values[i];
    }
    INDArray vector = Nd4j.createFromArray(values);
    assertThat(FlatMath.sumOfSquares(vector)).isCloseTo(expected, withinPercentage(ROUNDING));
    INDArray part = vector.get(NDArrayIndex.interval(99_999, 100_003));
    assertThat(FlatMath.sumOfSquares(part)) // of 1, 2, 3, -3
        .isCloseTo(23, withinPercentage(ROUNDING));
  }

  @Test
  void addsToAPartOfAView() {
    INDArray all = Nd4j.createFromArray(1f, 2f, 3f, 4f, 5f, 6f, 7f, 8f);
    INDArray x = all.get(NDArrayIndex.interval(1, 4));
    INDArray y = all.get(NDArrayIndex.interval(5, 8));
    FlatMath.addScaled(x, 10, y, 1, 2);
    assertThat(all.toFloatVector()).containsExactly(1, 2, 3, 4, 5, 6, 37, 48);
  }

  private static GradientUpdater<?> updater(IUpdater config, int parameters) {
    return config.instantiate(Nd4j.create(1, config.stateSize(parameters)), true);
  }
}
