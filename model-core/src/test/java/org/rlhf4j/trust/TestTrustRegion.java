package org.rlhf4j.trust;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;
import org.rlhf4j.tensor.Floats;

class TestTrustRegion {
  private static final double FLOAT = 1e-5;
  private static final TrustRegion USUAL = new TrustRegion(0.01, 0, 10, 10);

  /** Loss g x + curl |x|^2, KL x F x / 2 with a full F, so that all is known in closed form. */
  private static final class Quadratic implements TrustRegionProblem {
    private static final double[][] FISHER = {{4, 1, 0}, {1, 3, .5}, {0, .5, 2}};
    private static final double[] GRADIENT = {1, -2, .5};
    private final double curl;
    private final double excess;
    private double[] position = new double[GRADIENT.length];
    private int products;

    /**
     * @param excess what the KL has on top of its quadratic model, times |x|^2
     */
    Quadratic(double curl, double excess) {
      this.curl = curl;
      this.excess = excess;
    }

    @Override
    public Floats vector() {
      return Floats.allocate(GRADIENT.length);
    }

    @Override
    public Floats gradient() {
      return floats(GRADIENT);
    }

    @Override
    public Floats fisherTimes(Floats direction) {
      products++;
      return floats(image(values(direction)));
    }

    @Override
    public Measure moveBy(double scale, Floats direction) {
      position = values(direction);
      double loss = 0;
      double squared = 0;
      for (int i = 0; i < position.length; i++) {
        position[i] = scale * position[i] + 0.0; // never -0
        loss += GRADIENT[i] * position[i];
        squared += position[i] * position[i];
      }
      double kl = dot(position, image(position)) / 2 + excess * squared;
      return new Measure(loss + curl * squared, kl);
    }

    private static double[] image(double[] vector) {
      double[] image = new double[vector.length];
      for (int i = 0; i < image.length; i++) {
        image[i] = dot(FISHER[i], vector);
      }
      return image;
    }

    private static double dot(double[] x, double[] y) {
      double sum = 0;
      for (int i = 0; i < x.length; i++) {
        sum += x[i] * y[i];
      }
      return sum;
    }

    private static double[] values(Floats floats) {
      double[] values = new double[(int) floats.length()];
      for (int i = 0; i < values.length; i++) {
        values[i] = floats.at(i);
      }
      return values;
    }

    private static Floats floats(double[] values) {
      Floats floats = Floats.allocate(values.length);
      for (int i = 0; i < values.length; i++) {
        floats.set(i, (float) values[i]);
      }
      return floats;
    }
  }

  @Test
  void conjugateGradientsSolveInAsManyStepsAsThereAreDimensions() {
    Quadratic problem = new Quadratic(0, 0);
    ConjugateGradient.Solution solved =
        new ConjugateGradient(10, 1e-6)
            .solve(problem::fisherTimes, problem.gradient(), problem::vector);
    assertThat(problem.products).isLessThanOrEqualTo(4);
    double[] image = Quadratic.image(Quadratic.values(solved.solution()));
    for (int i = 0; i < image.length; i++) {
      assertThat(image[i]).isCloseTo(Quadratic.GRADIENT[i], within(FLOAT));
    }
    assertThat(solved.curvature())
        .isCloseTo(
            Quadratic.dot(Quadratic.values(solved.solution()), Quadratic.GRADIENT), within(FLOAT));
  }

  @Test
  void stepEndsOnTheBoundaryWhereTheModelIsExact() {
    Quadratic problem = new Quadratic(0, -1e-6);
    TrustRegion.Outcome outcome = USUAL.step(problem);
    assertThat(outcome.share()).isEqualTo(1);
    assertThat(outcome.after().kl()).isCloseTo(0.01, within(FLOAT)).isLessThanOrEqualTo(0.01);
    assertThat(outcome.after().loss()).isNegative();
    assertThat(outcome.gradientNorm()).isCloseTo(Math.sqrt(5.25), within(FLOAT));
  }

  @Test
  void stepIsHalvedUntilTheMeasuredKlIsInside() {
    TrustRegion.Outcome outcome = USUAL.step(new Quadratic(0, 10));
    assertThat(outcome.share()).isLessThan(1);
    assertThat(outcome.after().kl()).isLessThanOrEqualTo(0.01);
    assertThat(outcome.after().loss()).isNegative();
  }

  @Test
  void parametersStayWhereNoStepHelps() {
    Quadratic problem = new Quadratic(1e9, 0);
    TrustRegion.Outcome outcome = USUAL.step(problem);
    assertThat(outcome.share()).isZero();
    assertThat(problem.position).containsOnly(0);
    assertThat(outcome.after()).isEqualTo(outcome.before());
  }
}
