package org.rlhf4j.objective;

/**
 * A token's share of the KL penalty to the reference policy where it is part of the loss; d = log
 * pi - log pi_ref, r = pi / pi_old. Schulman 2020, "Approximating KL divergence".
 *
 * <p>Unlike the penalty in the rewards, which a token also bears for what it leads to, this one is
 * about the token alone.
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
  /** {@code r d}: without the ratio, the gradient of d would be 0 on average. */
  K1 {
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

  /** Derivative of {@link #loss} by log pi. */
  abstract double slope(double logRatio, double ratio);
}
