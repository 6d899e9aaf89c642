package org.rlhf4j.jobs.label;

import java.io.Serializable;
import java.util.List;
import java.util.stream.Stream;

/**
 * What the judge said in both orders, averaged.
 *
 * @param comparison that was judged
 * @param firstProbability that its first response is better; NaN where it was too long to be judged
 * @param most characters of each response that the judge has read
 */
record Verdict(Comparison comparison, double firstProbability, int most) implements Serializable {
  /** Probabilities that cancel out do so but for this. */
  private static final double ROUNDING = 1e-6;

  /** A judge that always prefers what comes first says one half: a tie. */
  static Verdict of(Comparison comparison, Opinion opinion) {
    List<double[]> orders = opinion.probabilities();
    double first = (orders.get(0)[0] + (1 - orders.get(1)[0])) / 2;
    return new Verdict(comparison, first, opinion.most());
  }

  static Verdict tooLong(Comparison comparison) {
    return new Verdict(comparison, Double.NaN, 0);
  }

  boolean isTooLong() {
    return Double.isNaN(firstProbability);
  }

  /** Those of the two responses that the judge has read without their end. */
  List<String> cutResponses() {
    return isTooLong()
        ? List.of()
        : Stream.of(comparison.first(), comparison.second())
            .filter(response -> Inquiry.cuts(response, most))
            .toList();
  }

  /** Whether one response is better with more than this probability. */
  boolean isDecided(double leastConfidence) {
    return Math.max(firstProbability, 1 - firstProbability) > leastConfidence + ROUNDING;
  }
}
