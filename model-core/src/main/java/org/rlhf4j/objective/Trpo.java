package org.rlhf4j.objective;

/**
 * The surrogate of trust region policy optimisation, {@code -r A}: Schulman et al. 2015
 * (arXiv:1502.05477), eq. 14. What bounds r is the trust region and not the loss.
 */
public record Trpo() implements Surrogate {
  @Override
  public double loss(double logprob, double ratio, double advantage, double penalty) {
    return -ratio * advantage;
  }

  @Override
  public double slope(double ratio, double advantage, double penalty) {
    return -ratio * advantage;
  }
}
