package org.rlhf4j.jobs.rollout;

import java.io.Serializable;
import org.rlhf4j.config.AdvantagesConfig;
import org.rlhf4j.config.ConfigException;
import org.rlhf4j.config.KlConfig;
import org.rlhf4j.config.PpoConfig;

/**
 * How rewards and advantages are computed.
 *
 * @param estimator per-token KL estimator
 * @param gamma discount per token
 * @param gaeLambda Schulman et al. 2016, eq. 16
 * @param whitening of the advantages over all response tokens
 */
public record AdvantageSettings(
    KlConfig.Estimator estimator, double gamma, double gaeLambda, WhiteningRule whitening)
    implements Serializable {

  /** Whether advantages are whitened. */
  public enum WhiteningRule {
    WHITEN,
    LEAVE
  }

  /**
   * @throws ConfigException if the KL is to be no part of the rewards
   */
  public static AdvantageSettings of(KlConfig kl, PpoConfig ppo, AdvantagesConfig advantages) {
    if (kl.place() != KlConfig.Place.REWARD) {
      throw new ConfigException("kl.place loss is not there yet; set it to reward");
    }
    return new AdvantageSettings(
        kl.estimator(),
        ppo.gamma(),
        ppo.gaeLambda(),
        advantages.whiten() ? WhiteningRule.WHITEN : WhiteningRule.LEAVE);
  }
}
