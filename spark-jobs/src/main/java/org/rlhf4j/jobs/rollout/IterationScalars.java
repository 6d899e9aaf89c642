package org.rlhf4j.jobs.rollout;

/**
 * Numbers that an on-policy loop carries from iteration to iteration and that shape rewards and
 * advantages.
 *
 * @param klCoefficient weight of the KL penalty, score per nat
 * @param baseline what reward-to-go subtracts; 0 for none
 */
public record IterationScalars(double klCoefficient, double baseline) {
  /** Without a baseline, as in the first iteration. */
  public static IterationScalars of(double klCoefficient) {
    return new IterationScalars(klCoefficient, 0.0);
  }
}
