package org.rlhf4j.config;

import static org.rlhf4j.config.ConfigException.check;

/** What the reward model is fitted to; the section also holds {@link OptimizerConfig}. */
public record RewardConfig(
    @Config(
            value = "objective",
            doc = "Loss of the reward model; all but bradley-terry are refused until they exist")
        Objective objective) {

  /** Loss of a reward model. */
  public enum Objective {
    BRADLEY_TERRY,
    PLACKETT_LUCE,
    BEST_OF_K,
    RATING,
    BINARY
  }

  public static final RewardConfig DEFAULTS = new RewardConfig(Objective.BRADLEY_TERRY);

  public RewardConfig {
    check(
        objective == Objective.BRADLEY_TERRY,
        "reward.objective must be bradley-terry until the others exist, but is %s",
        ConfigKey.kebab(objective));
  }
}
