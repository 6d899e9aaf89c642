package org.rlhf4j.jobs.train;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.function.ToDoubleFunction;
import org.rlhf4j.metrics.Metric;

/**
 * Where the wall time of an averaging round went, in seconds. What workers do side by side counts
 * as long as the slowest of them took.
 *
 * @param broadcast until the driver had packed weights and updater state for the workers
 * @param set until the workers' networks held them
 * @param training of the steps
 * @param serialise until the workers had checked and packed what they bring back
 * @param aggregate until the driver's network held the average
 * @param round the whole round; what none of the above took is Spark's: tasks, transport of
 *     results, and reading of the minibatches
 */
public record RoundCost(
    double broadcast,
    double set,
    double training,
    double serialise,
    double aggregate,
    double round) {
  private static final List<Metric> METRICS =
      List.of(
          Metric.AVERAGING_BROADCAST,
          Metric.AVERAGING_SET,
          Metric.AVERAGING_SERIALISE,
          Metric.AVERAGING_AGGREGATE,
          Metric.AVERAGING_COST,
          Metric.AVERAGING_ROUND);

  /**
   * @param work from the workers' start until all of their results had arrived
   */
  static RoundCost of(double broadcast, double work, double aggregate, List<RoundResult> results) {
    return new RoundCost(
        broadcast,
        slowest(results, result -> result.seconds().set()),
        slowest(results, RoundResult::trainingSeconds),
        slowest(results, result -> result.seconds().serialise()),
        aggregate,
        broadcast + work + aggregate);
  }

  private static double slowest(List<RoundResult> results, ToDoubleFunction<RoundResult> seconds) {
    return results.stream().mapToDouble(seconds).max().orElse(0);
  }

  /** All of the round but the steps. */
  double cost() {
    return round - training;
  }

  /** As a round's last step reports them. */
  Map<String, Double> metrics() {
    Map<String, Double> metrics = new LinkedHashMap<>();
    metrics.put(Metric.AVERAGING_BROADCAST.key(), broadcast);
    metrics.put(Metric.AVERAGING_SET.key(), set);
    metrics.put(Metric.AVERAGING_SERIALISE.key(), serialise);
    metrics.put(Metric.AVERAGING_AGGREGATE.key(), aggregate);
    metrics.put(Metric.AVERAGING_COST.key(), cost());
    metrics.put(Metric.AVERAGING_ROUND.key(), round);
    metrics.put(Metric.AVERAGING_SHARE.key(), cost() / round);
    return metrics;
  }

  /**
   * Means over the rounds that ended with one of the steps, the share being that of all rounds
   * together; empty where no round reported.
   */
  public static Map<Metric, Double> mean(List<StepMetrics> steps) {
    Map<Metric, Double> means = new LinkedHashMap<>();
    for (Metric metric : METRICS) {
      OptionalDouble mean =
          steps.stream()
              .filter(step -> step.values().containsKey(metric.key()))
              .mapToDouble(step -> step.values().get(metric.key()))
              .average();
      mean.ifPresent(value -> means.put(metric, value));
    }
    if (!means.isEmpty()) {
      means.put(
          Metric.AVERAGING_SHARE,
          means.get(Metric.AVERAGING_COST) / means.get(Metric.AVERAGING_ROUND));
    }
    return means;
  }
}
