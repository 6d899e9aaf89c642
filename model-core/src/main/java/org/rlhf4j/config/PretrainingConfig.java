package org.rlhf4j.config;

import static org.rlhf4j.config.ConfigException.check;

/** Pretraining gradients beside the policy's; a part of the section ppo. */
public record PretrainingConfig(
    @Config(
            value = "pretraining-coefficient",
            doc =
                "Weight of the mean negative log-likelihood of pretraining rows in the policy's loss"
                    + " (PPO-ptx); Ouyang et al. 2022, eq. 2; 0 means none")
        double coefficient,
    @Config(
            value = "pretraining-rows",
            doc = "Pretraining rows to each sampled response in a gradient step")
        int rowsPerResponse,
    @Config(
            value = "pretraining-input",
            doc =
                "Demonstrations, plain text among them, or preferences, of which the chosen responses"
                    + " count; empty means the run's demonstrations in a pipeline")
        String input) {
  public static final PretrainingConfig DEFAULTS = new PretrainingConfig(0, 1, "");

  public PretrainingConfig {
    check(
        coefficient >= 0 && Double.isFinite(coefficient),
        "ppo.pretraining-coefficient must not be negative, but is %s",
        coefficient);
    check(rowsPerResponse > 0, "ppo.pretraining-rows must be positive, but is %s", rowsPerResponse);
  }

  /** Whether there is such a term. */
  public boolean isUsed() {
    return coefficient > 0;
  }
}
