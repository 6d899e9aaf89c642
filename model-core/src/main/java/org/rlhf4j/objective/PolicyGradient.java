package org.rlhf4j.objective;

/**
 * The policy gradient theorem's {@code -A log pi}: REINFORCE (Williams 1992), advantage
 * actor-critic (Mnih et al. 2016, arXiv:1602.01783) and RLOO. Right for responses of the current
 * policy only, so an iteration takes one pass.
 */
public record PolicyGradient() implements Surrogate {
  @Override
  public double loss(double logprob, double ratio, double advantage, double penalty) {
    return -logprob * advantage;
  }

  @Override
  public double slope(double ratio, double advantage, double penalty) {
    return -advantage;
  }
}
