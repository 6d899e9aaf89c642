package org.rlhf4j.jobs.evaluate;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;
import org.rlhf4j.data.dataset.DatasetColumn;
import org.rlhf4j.data.dataset.Split;

/**
 * A reward model on held-out comparisons.
 *
 * @param accuracy of the reward model
 * @param leftOut comparisons over the length limits, on which it is not judged
 * @param calibration accuracy by the confidence of the reward model
 * @param meanMargin mean score of the chosen minus the rejected response
 * @param goldAccuracy of the gold judge on the same labels: the best possible under the annotators'
 *     noise
 * @param bySplit accuracy on the held-out pairs and on some of each other split: much better where
 *     the model was trained, it has learned these pairs by heart
 * @param bySource accuracy on the pairs of each source
 * @param byLength accuracy where the chosen response is the longer one, as long, or shorter
 * @param byLabelMargin accuracy by the margin that annotators gave; empty where they gave none
 * @param byMargin accuracy by the distance between the two scores
 * @param byRegion accuracy by the mean of the two scores: among bad responses, and among good ones
 * @param byAnnotator agreement with each annotator, at most {@value #MOST_ANNOTATORS} of those with
 *     the most pairs, these first
 * @param annotators how many there are
 * @param check what is suspicious about the reward model
 */
public record RewardModelSummary(
    Accuracy accuracy,
    long leftOut,
    Calibration calibration,
    double meanMargin,
    Optional<Accuracy> goldAccuracy,
    Map<String, Accuracy> bySplit,
    Map<String, Accuracy> bySource,
    Map<String, Accuracy> byLength,
    List<AccuracyBin> byLabelMargin,
    List<AccuracyBin> byMargin,
    List<AccuracyBin> byRegion,
    Map<String, Accuracy> byAnnotator,
    int annotators,
    RewardModelCheck check) {
  private static final int MOST_ANNOTATORS = 1000;

  /**
   * @param read comparisons within the length limits; all but {@code bySplit} is told of those of
   *     the held-out split, of which there is at least one
   */
  static RewardModelSummary of(List<PairOutcome> read, Split heldOut, long leftOut) {
    List<PairOutcome> all =
        read.stream().sorted(Comparator.comparing(PairOutcome::pairId)).toList();
    List<PairOutcome> outcomes = all.stream().filter(o -> o.split() == heldOut).toList();
    Map<String, Accuracy> annotators =
        by(
            outcomes.stream().filter(o -> !o.annotator().equals(PairOutcome.NOBODY)).toList(),
            PairOutcome::annotator);
    boolean hasGold = outcomes.stream().noneMatch(o -> Double.isNaN(o.goldMargin()));
    return new RewardModelSummary(
        Accuracy.of(outcomes, PairOutcome::margin),
        leftOut,
        Calibration.of(outcomes),
        outcomes.stream().mapToDouble(PairOutcome::margin).average().orElseThrow(),
        hasGold ? Optional.of(Accuracy.of(outcomes, PairOutcome::goldMargin)) : Optional.empty(),
        by(all, outcome -> DatasetColumn.storedName(outcome.split())),
        by(outcomes, PairOutcome::source),
        by(outcomes, RewardModelSummary::length),
        AccuracyBin.of(outcomes, PairOutcome::labelMargin),
        AccuracyBin.of(outcomes, outcome -> Math.abs(outcome.margin())),
        AccuracyBin.of(outcomes, PairOutcome::meanScore),
        busiest(annotators),
        annotators.size(),
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

  /** In order of their pairs, most first; annotators with equally many by name. */
  private static Map<String, Accuracy> busiest(Map<String, Accuracy> annotators) {
    Map<String, Accuracy> busiest = new LinkedHashMap<>();
    annotators.entrySet().stream()
        .sorted(
            Comparator.comparingLong(
                (Map.Entry<String, Accuracy> entry) -> -entry.getValue().comparisons()))
        .limit(MOST_ANNOTATORS)
        .forEach(entry -> busiest.put(entry.getKey(), entry.getValue()));
    return busiest;
  }

  private static String length(PairOutcome outcome) {
    return switch (Integer.signum(outcome.lengthMargin())) {
      case 1 -> "chosen_longer";
      case -1 -> "chosen_shorter";
      default -> "same_length";
    };
  }
}
