package org.rlhf4j.jobs.evaluate;

import java.util.ArrayList;
import java.util.List;

/**
 * Whether a reward model has learned more than nothing and more than length (Singhal et al. 2023,
 * arXiv:2310.03716).
 *
 * @param longerWins accuracy of always preferring the longer response
 * @param prefersLonger share of the pairs of unequal length in which the reward model prefers the
 *     longer response; NaN without such pairs
 * @param findings sentences, empty for a sound model
 */
public record RewardModelCheck(Accuracy longerWins, double prefersLonger, List<String> findings) {
  private static final int LEAST_PAIRS = 30; // of unequal length, to speak of length at all
  private static final double NEARLY_ALL = 0.98;

  /** Below this part of the scores' size differences are rounding. */
  private static final double CONSTANT = 1e-6;

  /**
   * @param outcomes in a fixed order, at least one
   */
  static RewardModelCheck of(List<PairOutcome> outcomes) {
    Accuracy longerWins = Accuracy.of(outcomes, PairOutcome::lengthMargin);
    List<PairOutcome> unequal = outcomes.stream().filter(o -> o.lengthMargin() != 0).toList();
    double prefersLonger =
        unequal.stream()
            .mapToDouble(o -> PairOutcome.accuracy(o.margin() * Integer.signum(o.lengthMargin())))
            .average()
            .orElse(Double.NaN);
    List<String> findings = new ArrayList<>();
    if (outcomes.stream().allMatch(o -> Math.abs(o.margin()) <= CONSTANT)) {
      findings.add("The reward model gives all responses the same score");
    } else if (unequal.size() >= LEAST_PAIRS
        && isNearlyAll(prefersLonger)
        && !isNearlyAll(longerWins.value())) {
      findings.add(
          String.format(
              "The reward model prefers the %s response in %.1f %% of the pairs, which the labels"
                  + " do not; it may have learned length alone",
              prefersLonger > 0.5 ? "longer" : "shorter",
              100 * Math.max(prefersLonger, 1 - prefersLonger)));
    }
    return new RewardModelCheck(longerWins, prefersLonger, List.copyOf(findings));
  }

  private static boolean isNearlyAll(double share) {
    return Math.max(share, 1 - share) >= NEARLY_ALL;
  }
}
