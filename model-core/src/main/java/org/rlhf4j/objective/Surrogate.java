package org.rlhf4j.objective;

import com.fasterxml.jackson.annotation.JsonTypeInfo;
import java.io.Serializable;

/**
 * What one response token adds to the policy's loss: one half of an on-policy algorithm, the other
 * being the advantage estimator.
 */
@JsonTypeInfo(use = JsonTypeInfo.Id.CLASS)
public sealed interface Surrogate extends Serializable
    permits PolicyGradient, PpoClip, PpoKl, Trpo {
  /**
   * @param logprob under the policy that learns, nats
   * @param ratio of its probability to that under the policy that sampled
   * @param penalty weight of the KL to the policy that sampled; read by {@link PpoKl} alone
   */
  double loss(double logprob, double ratio, double advantage, double penalty);

  /** Derivative of {@link #loss} by the log-probability. */
  double slope(double ratio, double advantage, double penalty);

  /** Whether the clipped term binds. */
  default boolean isClipped(double ratio, double advantage) {
    return false;
  }
}
