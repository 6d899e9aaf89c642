package org.rlhf4j.jobs.quality;

import java.util.function.Function;
import java.util.function.UnaryOperator;

/**
 * Goes further along two steps of expectation maximisation than they went: the squared
 * extrapolation of Varadhan and Roland (2008, "Simple and Globally Convergent Methods for
 * Accelerating the Convergence of Any EM Algorithm", Scandinavian Journal of Statistics 35:335,
 * SQUAREM with step length S3). With r = x1 - x0 and v = (x2 - x1) - r it leads to x0 + 2 a r + a^2
 * v, where a = |r|/|v|; a = 1 leads to x2.
 *
 * <p>The x are logarithms, and a leap ends where they are such of probabilities. Leaps are kept as
 * short as the last one that failed made advisable, and grow with success.
 */
final class Leap {
  private static final double LONGEST_AT_FIRST = 4;
  private static final double SHORTEST_LIMIT = 2;
  private static final double GROWTH = 4;

  private final UnaryOperator<double[]> normalized;
  private double longest = LONGEST_AT_FIRST;
  private double length;

  /** One pass over the data, by which a step is found. */
  interface Pass {
    /** What the pass was made with. */
    double[] parameters();

    /** What the step leads to. */
    double[] next();

    /** Of the parameters, nats. */
    double logPosterior();
  }

  /**
   * Where a climb ended.
   *
   * @param passes in all
   */
  record Summit<P extends Pass>(P pass, int passes, boolean isConverged) {}

  /**
   * @param normalized makes parameters of any numbers
   */
  Leap(UnaryOperator<double[]> normalized) {
    this.normalized = normalized;
  }

  /**
   * Goes on from the first pass, with a leap after every two steps that is kept if it is better.
   *
   * @param step the pass with some parameters
   * @param enough gain of a step at which there is no more to be had
   * @param maxPasses the first one included
   */
  <P extends Pass> Summit<P> climb(
      P first, Function<double[], P> step, double enough, int maxPasses) {
    P before = first;
    for (int passes = 1; passes < maxPasses; passes++) {
      P after = step.apply(before.next());
      if (after.logPosterior() - before.logPosterior() < enough) {
        return new Summit<>(after, passes + 1, true);
      }

      if (++passes == maxPasses) {
        return new Summit<>(after, passes, false);
      }

      P landing = step.apply(from(before.parameters(), after.parameters(), after.next()));
      boolean isBetter = landing.logPosterior() >= after.logPosterior();
      adapt(isBetter);
      before = isBetter ? landing : after;
    }

    return new Summit<>(before, maxPasses, false);
  }

  /**
   * @param x0 parameters
   * @param x1 those after one step
   * @param x2 those after two
   */
  private double[] from(double[] x0, double[] x1, double[] x2) {
    double steps = 0;
    double bends = 0;
    for (int i = 0; i < x0.length; i++) {
      double r = x1[i] - x0[i];
      double v = x2[i] - x1[i] - r;
      steps += r * r;
      bends += v * v;
    }

    length = bends == 0 ? 1 : Math.min(longest, Math.max(1, Math.sqrt(steps / bends)));
    double[] landing = new double[x0.length];
    for (int i = 0; i < x0.length; i++) {
      double r = x1[i] - x0[i];
      double v = x2[i] - x1[i] - r;
      landing[i] = x0[i] + 2 * length * r + length * length * v;
    }

    return normalized.apply(landing);
  }

  /** Learns from how the last leap ended. */
  private void adapt(boolean isBetter) {
    if (!isBetter) {
      longest = Math.max(SHORTEST_LIMIT, length / 2);
    } else if (length == longest) {
      longest *= GROWTH;
    }
  }
}
