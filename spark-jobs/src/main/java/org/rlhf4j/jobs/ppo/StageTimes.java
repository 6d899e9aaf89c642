package org.rlhf4j.jobs.ppo;

import java.util.EnumMap;
import java.util.Map;
import java.util.function.Supplier;
import org.rlhf4j.metrics.Metric;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Wall time of the stages of one iteration. */
final class StageTimes {
  private static final Logger LOG = LoggerFactory.getLogger(StageTimes.class);
  private static final double NANOS_PER_SECOND = 1e9;

  private final Map<Metric, Double> seconds = new EnumMap<>(Metric.class);
  private final long start = System.nanoTime();

  /** Runs a stage and keeps its time under {@code metric}. */
  <T> T stage(Metric metric, Supplier<T> stage) {
    long stageStart = System.nanoTime();
    T result = stage.get();
    double time = secondsSince(stageStart);
    seconds.put(metric, time);
    LOG.debug("{} {}", metric.key(), time);
    return result;
  }

  /** All stages so far, and the time since this object was made. */
  Map<Metric, Double> seconds() {
    Map<Metric, Double> all = new EnumMap<>(seconds);
    all.put(Metric.ITERATION_SECONDS, secondsSince(start));
    return all;
  }

  private static double secondsSince(long nanos) {
    return (System.nanoTime() - nanos) / NANOS_PER_SECOND;
  }
}
