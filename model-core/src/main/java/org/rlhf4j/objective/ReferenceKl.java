package org.rlhf4j.objective;

/**
 * A token's share of the KL penalty to the reference policy where it is part of the loss; d = log
 * pi - log pi_ref, r = pi / pi_old. Schulman 2020, "Approximating KL divergence".
 *
 * <p>K1 is the KL of the whole response: its gradient charges a token, as the penalty in the
 * rewards does, also for what it leads to. K2 and K3 are about the token alone, which is another
 * objective for responses of more than one token.
 */
public enum ReferenceKl {
  /** The penalty is part of the rewards, or there is none. */
  NONE {
    @Override
    double loss(double logRatio, double ratio) {
      return 0;
    }

    @Override
    double slope(double logRatio, double ratio) {
      return 0;
    }
  },
  /**
   * {@code r d}: without the ratio, the gradient of d would be 0 on average. The gradient of the
   * sum over tokens of E[d] is E[sum_t grad log pi_t sum_{s >= t} d_s] (the policy gradient
   * theorem).
   */
  K1 {
    @Override
    boolean chargesWhatFollows() {
      return true;
    }

    @Override
    double loss(double logRatio, double ratio) {
      return ratio * logRatio;
    }

    @Override
    double slope(double logRatio, double ratio) {
      return ratio * (logRatio + 1);
    }
  },
  /** {@code d^2 / 2}, whose gradient is the KL's on average. */
  K2 {
    @Override
    double loss(double logRatio, double ratio) {
      return 0.5 * logRatio * logRatio;
    }

    @Override
    double slope(double logRatio, double ratio) {
      return logRatio;
    }
  },
  /** {@code exp(-d) - 1 + d}, as GRPO has it: Shao et al. 2024 (arXiv:2402.03300), eq. 4. */
  K3 {
    @Override
    double loss(double logRatio, double ratio) {
      return Math.expm1(-logRatio) + logRatio;
    }

    @Override
    double slope(double logRatio, double ratio) {
      return -Math.expm1(-logRatio);
    }
  };

  /**
   * @param logRatio d
   * @param ratio r
   */
  abstract double loss(double logRatio, double ratio);

  /** Whether a token's slope is that of d summed over it and all that follow it. */
  boolean chargesWhatFollows() {
    return false;
  }

  /** Derivative of {@link #loss} by log pi, given the token's d or, for K1, the sum from it on. */
  abstract double slope(double logRatio, double ratio);
}
