package org.rlhf4j.jobs.label;

import java.io.Serializable;

/**
 * What the judge said in both orders, averaged.
 *
 * @param comparison that was judged
 * @param firstProbability that its first response is better; NaN where it was too long to be judged
 */
record Verdict(Comparison comparison, double firstProbability) implements Serializable {
  /** Probabilities that cancel out do so but for this. */
  private static final double ROUNDING = 1e-6;

  /** A judge that always prefers what comes first says one half: a tie. */
  static Verdict of(Comparison comparison, double inOrder, double swapped) {
    return new Verdict(comparison, (inOrder + (1 - swapped)) / 2);
  }

  boolean isTooLong() {
    return Double.isNaN(firstProbability);
  }

  /** Whether one response is better with more than this probability. */
  boolean isDecided(double leastConfidence) {
    return Math.max(firstProbability, 1 - firstProbability) > leastConfidence + ROUNDING;
  }
}
