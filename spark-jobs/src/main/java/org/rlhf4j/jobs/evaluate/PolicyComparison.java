package org.rlhf4j.jobs.evaluate;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.TreeMap;
import java.util.function.ToDoubleFunction;
import org.rlhf4j.data.dataset.Evaluation;
import org.rlhf4j.jobs.JobException;

/**
 * A policy against a baseline on the same prompts.
 *
 * @param checkpointId the policy
 * @param baseline the other
 * @param score by the reward model
 * @param goldScore by the gold judge
 */
public record PolicyComparison(
    String checkpointId, String baseline, Difference score, Optional<Difference> goldScore) {

  /**
   * Paired by prompt: each prompt gives one difference, so what is hard about a prompt cancels.
   *
   * @param difference policy minus baseline, per prompt
   * @param winRate share of prompts on which the policy is better; a tie counts one half
   */
  public record Difference(Estimate difference, double winRate) {
    /**
     * The mean difference in its own standard errors; empty where these are not known, as with one
     * prompt, or zero, as with policies that answer alike.
     */
    public OptionalDouble standardErrors() {
      return difference.standardError() > 0
          ? OptionalDouble.of(difference.mean() / difference.standardError())
          : OptionalDouble.empty();
    }
  }

  static PolicyComparison of(List<Evaluation> policy, List<Evaluation> baseline) {
    boolean hasGold = policy.stream().allMatch(e -> e.goldScore().isPresent());
    return new PolicyComparison(
        policy.get(0).checkpointId(),
        baseline.get(0).checkpointId(),
        difference(policy, baseline, Evaluation::score),
        hasGold
            ? Optional.of(difference(policy, baseline, e -> e.goldScore().orElseThrow()))
            : Optional.empty());
  }

  private static Difference difference(
      List<Evaluation> policy, List<Evaluation> baseline, ToDoubleFunction<Evaluation> value) {
    Map<String, Double> policyMeans = meansByPrompt(policy, value);
    Map<String, Double> baselineMeans = meansByPrompt(baseline, value);
    List<Double> differences = new ArrayList<>();
    double wins = 0;
    for (Map.Entry<String, Double> mean : policyMeans.entrySet()) {
      if (baselineMeans.containsKey(mean.getKey())) {
        double difference = mean.getValue() - baselineMeans.get(mean.getKey());
        differences.add(difference);
        wins += PairOutcome.accuracy(difference);
      }
    }
    if (differences.isEmpty()) {
      throw JobException.badInput(
          "%s and %s answered no prompt in common; lower data.max-prompt-tokens until both answer"
              + " the same ones",
          policy.get(0).checkpointId(), baseline.get(0).checkpointId());
    }
    return new Difference(Estimate.of(differences), wins / differences.size());
  }

  /** In order of prompt ids. */
  private static TreeMap<String, Double> meansByPrompt(
      List<Evaluation> evaluations, ToDoubleFunction<Evaluation> value) {
    TreeMap<String, List<Double>> values = new TreeMap<>();
    for (Evaluation evaluation : evaluations) {
      values
          .computeIfAbsent(evaluation.promptId(), id -> new ArrayList<>())
          .add(value.applyAsDouble(evaluation));
    }
    TreeMap<String, Double> means = new TreeMap<>();
    values.forEach((id, list) -> means.put(id, Estimate.of(list).mean()));
    return means;
  }
}
