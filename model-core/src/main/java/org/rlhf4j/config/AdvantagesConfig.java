package org.rlhf4j.config;

import static org.rlhf4j.config.ConfigException.check;

/** How advantages are estimated. */
public record AdvantagesConfig(
    @Config(
            value = "estimator",
            doc = "gae; other names of the contract are refused until they exist")
        String estimator,
    @Config(
            value = "whiten",
            doc =
                "Shift and scale advantages to mean 0 and variance 1 over all response tokens of the iteration")
        boolean whiten) {
  public static final AdvantagesConfig DEFAULTS = new AdvantagesConfig("gae", true);

  public AdvantagesConfig {
    check(
        estimator.equals("gae"),
        "advantages.estimator must be gae until the others exist, but is %s",
        estimator);
  }
}
