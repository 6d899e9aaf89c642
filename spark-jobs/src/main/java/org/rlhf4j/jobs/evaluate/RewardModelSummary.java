package org.rlhf4j.jobs.evaluate;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;

/**
 * A reward model on held-out comparisons.
 *
 * @param accuracy of the reward model
 * @param leftOut comparisons over the length limits, on which it is not judged
 * @param calibrationError expected distance between confidence and accuracy
 * @param meanMargin mean score of the chosen minus the rejected response
 * @param goldAccuracy of the gold judge on the same labels: the best possible under the annotators'
 *     noise
 * @param bySource accuracy on the pairs of each source
 * @param byLength accuracy where the chosen response is the longer one, as long, or shorter
 * @param check what is suspicious about the reward model
 */
public record RewardModelSummary(
    Accuracy accuracy,
    long leftOut,
    double calibrationError,
    double meanMargin,
    Optional<Accuracy> goldAccuracy,
    Map<String, Accuracy> bySource,
    Map<String, Accuracy> byLength,
    RewardModelCheck check) {
  static RewardModelSummary of(List<PairOutcome> unordered, long leftOut) {
    List<PairOutcome> outcomes =
        unordered.stream().sorted(Comparator.comparing(PairOutcome::pairId)).toList();
    boolean hasGold = outcomes.stream().noneMatch(o -> Double.isNaN(o.goldMargin()));
    return new RewardModelSummary(
        Accuracy.of(outcomes, PairOutcome::margin),
        leftOut,
        Calibration.expectedError(outcomes),
        outcomes.stream().mapToDouble(PairOutcome::margin).average().orElseThrow(),
        hasGold ? Optional.of(Accuracy.of(outcomes, PairOutcome::goldMargin)) : Optional.empty(),
        by(outcomes, PairOutcome::source),
        by(outcomes, RewardModelSummary::length),
        RewardModelCheck.of(outcomes));
  }

  private static Map<String, Accuracy> by(
      List<PairOutcome> outcomes, Function<PairOutcome, String> name) {
    Map<String, List<PairOutcome>> groups = new TreeMap<>();
    outcomes.forEach(o -> groups.computeIfAbsent(name.apply(o), n -> new ArrayList<>()).add(o));
    Map<String, Accuracy> accuracies = new LinkedHashMap<>();
    groups.forEach((n, group) -> accuracies.put(n, Accuracy.of(group, PairOutcome::margin)));
    return accuracies;
  }

  private static String length(PairOutcome outcome) {
    return switch (Integer.signum(outcome.lengthMargin())) {
      case 1 -> "chosen_longer";
      case -1 -> "chosen_shorter";
      default -> "same_length";
    };
  }
}
