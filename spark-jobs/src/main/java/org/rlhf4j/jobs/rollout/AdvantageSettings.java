package org.rlhf4j.jobs.rollout;

import java.io.Serializable;
import org.rlhf4j.config.AdvantagesConfig;
import org.rlhf4j.config.KlConfig;
import org.rlhf4j.config.PpoConfig;
import org.rlhf4j.rlhf.AdvantageEstimator;

/**
 * How rewards and advantages are computed.
 *
 * @param gamma discount per token
 * @param gaeLambda Schulman et al. 2016, eq. 16
 * @param advantages names its estimator
 */
public record AdvantageSettings(
    KlConfig kl, double gamma, double gaeLambda, AdvantagesConfig advantages)
    implements Serializable {

  /** The estimator is that of the algorithm unless it is named itself. */
  public static AdvantageSettings of(KlConfig kl, PpoConfig ppo, AdvantagesConfig advantages) {
    return new AdvantageSettings(kl, ppo.gamma(), ppo.gaeLambda(), advantages.of(ppo.algorithm()));
  }

  /**
   * The estimator of one iteration.
   *
   * @param baseline what reward-to-go subtracts; 0 means nothing
   */
  public AdvantageEstimator estimator(double baseline) {
    return switch (advantages.estimator()) {
      case GAE -> new AdvantageEstimator.Gae(gamma, gaeLambda);
      case REWARD_TO_GO -> new AdvantageEstimator.RewardToGo(gamma, baseline);
      case LEAVE_ONE_OUT -> new AdvantageEstimator.LeaveOneOut();
      case GROUP -> new AdvantageEstimator.Group();
      case Q_CRITIC -> new AdvantageEstimator.QCritic(gamma);
      case AUTO -> throw new IllegalStateException("The estimator has no name yet");
    };
  }

  /**
   * Whether the critic judges tokens, reading them, or what may follow, before they are emitted.
   */
  public boolean judgesActions() {
    return advantages.estimator() == AdvantagesConfig.Estimator.Q_CRITIC;
  }

  /** What the estimator must be told beside the rewards. */
  public AdvantageEstimator.Needs needs() {
    return estimator(0).needs();
  }

  /** Whether a moving average is carried from iteration to iteration. */
  public boolean hasBaseline() {
    return advantages.estimator() == AdvantagesConfig.Estimator.REWARD_TO_GO
        && advantages.baseline() == AdvantagesConfig.Baseline.MOVING_AVERAGE;
  }

  /** Advantages of groups are centred already, and their scale says how much a group teaches. */
  boolean whitens() {
    return advantages.whiten() && needs() != AdvantageEstimator.Needs.GROUP;
  }

  /** Whether the penalty is part of the rewards; else it is part of the loss. */
  boolean penalisesRewards() {
    return kl.place() == KlConfig.Place.REWARD;
  }
}
