package org.rlhf4j.dl4j;

import java.util.Objects;
import org.nd4j.linalg.schedule.ISchedule;
import org.nd4j.shade.jackson.annotation.JsonProperty;
import org.rlhf4j.config.OptimizerConfig.Schedule;

/**
 * Learning rate by step: up linearly during warm-up, then constant, down linearly, or down along
 * half a cosine (Loshchilov and Hutter 2017, arXiv:1608.03983, eq. 5), reaching 0 after the last
 * step.
 */
public final class LearningRateSchedule implements ISchedule {
  private static final long serialVersionUID = 1L;

  private final Schedule shape;
  private final double peak;
  private final long warmupSteps;
  private final long totalSteps;

  /**
   * @param peak learning rate at the end of the warm-up
   * @param totalSteps steps of the whole training, warm-up included
   */
  public LearningRateSchedule(
      @JsonProperty("shape") Schedule shape,
      @JsonProperty("peak") double peak,
      @JsonProperty("warmupSteps") long warmupSteps,
      @JsonProperty("totalSteps") long totalSteps) {
    this.shape = shape;
    this.peak = peak;
    this.warmupSteps = warmupSteps;
    this.totalSteps = totalSteps;
  }

  @JsonProperty
  public Schedule getShape() {
    return shape;
  }

  @JsonProperty
  public double getPeak() {
    return peak;
  }

  @JsonProperty
  public long getWarmupSteps() {
    return warmupSteps;
  }

  @JsonProperty
  public long getTotalSteps() {
    return totalSteps;
  }

  @Override
  public double valueAt(int iteration, int epoch) {
    if (iteration < warmupSteps) {
      return peak * (iteration + 1) / warmupSteps;
    }
    double length = Math.max(1, totalSteps - warmupSteps);
    double progress = Math.min(1, (iteration - warmupSteps) / length);
    return switch (shape) {
      case CONSTANT -> peak;
      case LINEAR -> peak * (1 - progress);
      case COSINE -> peak * 0.5 * (1 + Math.cos(Math.PI * progress));
    };
  }

  @Override
  @SuppressWarnings("MethodDoesntCallSuperMethod")
  public LearningRateSchedule clone() {
    return new LearningRateSchedule(shape, peak, warmupSteps, totalSteps);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof LearningRateSchedule schedule
        && shape == schedule.shape
        && peak == schedule.peak
        && warmupSteps == schedule.warmupSteps
        && totalSteps == schedule.totalSteps;
  }

  @Override
  public int hashCode() {
    return Objects.hash(shape, peak, warmupSteps, totalSteps);
  }
}
