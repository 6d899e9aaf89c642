package org.rlhf4j.rlhf;

import static org.rlhf4j.rlhf.GeneralizedAdvantage.checkSameLength;

import org.rlhf4j.config.KlConfig;

/** The penalty for leaving the reference policy, token by token. */
public final class KlPenalty {
  private KlPenalty() {}

  /**
   * Per-token estimate of the KL divergence from policy to reference, from the sampled token alone
   * (Schulman 2020, "Approximating KL divergence"): with d = log pi - log pi_ref, k1 = d (signed),
   * k2 = d^2 / 2, k3 = exp(-d) - 1 + d.
   *
   * <p>A difference of floats rounds to the same float whether it is taken in float or in double
   * (Figueroa 1995, "When is double rounding innocuous?"), and in float it needs no conversions.
   *
   * @param logprobs under the policy that sampled, nats, [T]
   * @param refLogprobs under the reference policy, nats, [T]
   * @return nats, [T]
   */
  public static float[] toReference(
      float[] logprobs, float[] refLogprobs, KlConfig.Estimator estimator) {
    checkSameLength("ref_logprobs", refLogprobs.length, "logprobs", logprobs.length);
    float[] kl = new float[logprobs.length];
    switch (estimator) {
      case K1 -> {
        for (int t = 0; t < kl.length; t++) {
          kl[t] = logprobs[t] - refLogprobs[t];
        }
      }
      case K2 -> {
        for (int t = 0; t < kl.length; t++) {
          double logRatio = (double) logprobs[t] - refLogprobs[t];
          kl[t] = (float) (0.5 * logRatio * logRatio);
        }
      }
      case K3 -> {
        for (int t = 0; t < kl.length; t++) {
          double logRatio = (double) logprobs[t] - refLogprobs[t];
          kl[t] = (float) (Math.expm1(-logRatio) + logRatio);
        }
      }
    }
    return kl;
  }

  /**
   * Sum over tokens of log pi - log pi_ref: one response's share of {@code objective/kl}, nats.
   *
   * @param logprobs [T]
   * @param refLogprobs [T]
   */
  public static double ofResponse(float[] logprobs, float[] refLogprobs) {
    checkSameLength("ref_logprobs", refLogprobs.length, "logprobs", logprobs.length);
    double sum = 0.0;
    for (int t = 0; t < logprobs.length; t++) {
      sum += (double) logprobs[t] - refLogprobs[t];
    }
    return sum;
  }

  /**
   * Rewards of a response: minus {@code coefficient} times the KL at each token, plus the score at
   * the last one (Stiennon et al. 2020, arXiv:2009.01325, section 3.4).
   *
   * @param score of the whole response, penalties included
   * @param kl per-token KL, nats, [T], at least one token
   * @return rewards, [T]
   */
  public static float[] shapeRewards(double score, float[] kl, double coefficient) {
    float[] rewards = new float[kl.length];
    int last = kl.length - 1;
    for (int t = 0; t < last; t++) {
      rewards[t] = (float) (-coefficient * kl[t]);
    }
    rewards[last] = (float) (-coefficient * kl[last] + score);
    return rewards;
  }
}
