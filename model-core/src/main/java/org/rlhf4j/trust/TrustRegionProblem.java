package org.rlhf4j.trust;

import org.rlhf4j.tensor.Floats;

/** A policy at the parameters that sampled, as {@link TrustRegion} sees it; vectors are [N]. */
public interface TrustRegionProblem {
  /**
   * Of one candidate, over the whole experience.
   *
   * @param loss the surrogate's; lower is better
   * @param kl from the policy that sampled, mean over its tokens, nats
   */
  record Measure(double loss, double kl) {}

  /** New zeroed vector of as many values as there are parameters. */
  Floats vector();

  /** Gradient of the surrogate's loss where the responses were sampled. */
  Floats gradient();

  /** Fisher information of the policy that sampled times a vector. */
  Floats fisherTimes(Floats direction);

  /** Moves the parameters to where they were when the responses were sampled, plus a step. */
  Measure moveBy(double scale, Floats direction);
}
