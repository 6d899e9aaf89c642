package org.rlhf4j.rlhf;

/**
 * Weight of the KL penalty to the policy that sampled, and how it follows the measured KL: Schulman
 * et al. 2017 (arXiv:1707.06347), section 4: halved below target / 1.5, doubled above 1.5 target.
 *
 * @param coefficient the paper's beta
 * @param target the paper's d_targ, nats per token
 */
public record OldPolicyPenalty(double coefficient, double target) {
  private static final double TOLERANCE = 1.5;
  private static final double FACTOR = 2.0;

  /**
   * @param kl from the old policy to the updated one after an iteration's update, nats per token
   */
  public OldPolicyPenalty update(double kl) {
    if (kl < target / TOLERANCE) {
      return new OldPolicyPenalty(coefficient / FACTOR, target);
    }
    return kl > target * TOLERANCE ? new OldPolicyPenalty(coefficient * FACTOR, target) : this;
  }
}
