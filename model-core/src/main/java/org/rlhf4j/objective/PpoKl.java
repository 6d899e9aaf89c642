package org.rlhf4j.objective;

/**
 * PPO with a penalty for leaving the policy that sampled: {@code -r A + beta KL(old, new)},
 * Schulman et al. 2017 (arXiv:1707.06347), eq. 8. The KL is estimated from the sampled token by
 * {@code r - 1 - log r}, which is never negative and right on average.
 */
public record PpoKl() implements Surrogate {
  @Override
  public double loss(double logprob, double ratio, double advantage, double penalty) {
    return -ratio * advantage + penalty * (ratio - 1 - Math.log(ratio));
  }

  @Override
  public double slope(double ratio, double advantage, double penalty) {
    return -ratio * advantage + penalty * (ratio - 1);
  }
}
