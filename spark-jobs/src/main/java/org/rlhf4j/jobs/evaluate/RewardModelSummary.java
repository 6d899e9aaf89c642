package org.rlhf4j.jobs.evaluate;

import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * A reward model on held-out comparisons.
 *
 * @param accuracy of the reward model
 * @param leftOut comparisons over the length limits, on which it is not judged
 * @param calibrationError expected distance between confidence and accuracy
 * @param meanMargin mean score of the chosen minus the rejected response
 * @param goldAccuracy of the gold judge on the same labels: the best possible under the annotators'
 *     noise
 */
public record RewardModelSummary(
    Accuracy accuracy,
    long leftOut,
    double calibrationError,
    double meanMargin,
    Optional<Accuracy> goldAccuracy) {
  static RewardModelSummary of(List<PairOutcome> unordered, long leftOut) {
    List<PairOutcome> outcomes =
        unordered.stream().sorted(Comparator.comparing(PairOutcome::pairId)).toList();
    boolean hasGold = outcomes.stream().noneMatch(o -> Double.isNaN(o.goldMargin()));
    return new RewardModelSummary(
        Accuracy.of(outcomes, PairOutcome::margin),
        leftOut,
        Calibration.expectedError(outcomes),
        outcomes.stream().mapToDouble(PairOutcome::margin).average().orElseThrow(),
        hasGold ? Optional.of(Accuracy.of(outcomes, PairOutcome::goldMargin)) : Optional.empty());
  }
}
