package org.rlhf4j.jobs.ppo;

import java.util.ArrayList;
import java.util.List;
import java.util.function.ToDoubleFunction;
import org.rlhf4j.jobs.train.StepMetrics;
import org.rlhf4j.metrics.Metric;

/** Metrics of one model's gradient steps within one iteration, by epoch. */
final class UpdateStatistics {
  private final List<List<StepMetrics>> epochs = new ArrayList<>();

  /** Steps that are added from now on belong to a new epoch. */
  void startEpoch() {
    epochs.add(new ArrayList<>());
  }

  void add(StepMetrics step) {
    epochs.get(epochs.size() - 1).add(step);
  }

  /** Of all epochs, in order. */
  List<StepMetrics> steps() {
    return epochs.stream().flatMap(List::stream).toList();
  }

  int epochs() {
    return epochs.size();
  }

  /** Of the iteration's first minibatch, before any update. */
  double first(Metric metric) {
    return value(metric).applyAsDouble(epochs.get(0).get(0));
  }

  /** Mean over all steps of the iteration. */
  double mean(Metric metric) {
    return epochs.stream().flatMap(List::stream).mapToDouble(value(metric)).average().orElse(0);
  }

  double meanOfLastEpoch(Metric metric) {
    return epochs.get(epochs.size() - 1).stream().mapToDouble(value(metric)).average().orElse(0);
  }

  double max(Metric metric) {
    return epochs.stream().flatMap(List::stream).mapToDouble(value(metric)).max().orElse(0);
  }

  private static ToDoubleFunction<StepMetrics> value(Metric metric) {
    return step -> {
      Double value = step.values().get(metric.key());
      if (value == null) {
        throw new IllegalStateException(
            String.format("Step %d reports no %s", step.step(), metric.key()));
      }
      return value;
    };
  }
}
