package org.rlhf4j.jobs.train;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.rlhf4j.dl4j.TrainingNetwork.Step;
import org.rlhf4j.metrics.Metric;
import org.rlhf4j.objective.Objective;

/** Metrics of steps from what their workers measured. */
final class StepReport {
  private StepReport() {}

  /**
   * One entry per step of the round, in order.
   *
   * @param results of a round, by worker
   * @param stepsBefore steps the learner had taken before the epoch
   */
  static List<StepMetrics> of(Objective objective, List<RoundResult> results, long stepsBefore) {
    Map<Integer, List<Step>> byStep = new TreeMap<>();
    for (RoundResult result : results) {
      for (RoundResult.TakenStep step : result.steps()) {
        byStep.computeIfAbsent(step.index(), i -> new ArrayList<>()).add(step.measured());
      }
    }
    return byStep.entrySet().stream()
        .map(
            step ->
                new StepMetrics(
                    stepsBefore + step.getKey() + 1, metrics(objective, step.getValue())))
        .toList();
  }

  /** The same, the last step with what the round cost: for learners that average. */
  static List<StepMetrics> withCost(
      Objective objective, List<RoundResult> results, RoundCost cost, long stepsBefore) {
    List<StepMetrics> steps = new ArrayList<>(of(objective, results, stepsBefore));
    StepMetrics last = steps.remove(steps.size() - 1);
    Map<String, Double> metrics = new LinkedHashMap<>(last.values());
    metrics.putAll(cost.metrics());
    steps.add(new StepMetrics(last.step(), metrics));
    return steps;
  }

  /**
   * Metrics of one step. Statistics are of the union of the slices; the gradient norm is the mean
   * of the workers' norms, weighted as their parameters are: the union's gradient is never formed.
   */
  private static Map<String, Double> metrics(Objective objective, List<Step> slices) {
    double[] statistics = new double[objective.statistics().length];
    double weightedNorms = 0;
    double tokens = 0;
    double seconds = 0;
    for (Step slice : slices) {
      objective.merge(statistics, slice.statistics());
      weightedNorms += slice.statistics()[Objective.WEIGHT] * slice.gradientNorm();
      tokens += slice.tokens();
      seconds = Math.max(seconds, slice.seconds());
    }
    double weight = statistics[Objective.WEIGHT];
    Map<String, Double> metrics = new LinkedHashMap<>(objective.metrics(statistics));
    metrics.put(Metric.LEARNING_RATE.key(), slices.get(0).learningRate());
    metrics.put(Metric.GRADIENT_NORM.key(), weight > 0 ? weightedNorms / weight : 0);
    metrics.put(Metric.TOKENS_PER_SECOND.key(), tokens / seconds);
    return metrics;
  }
}
