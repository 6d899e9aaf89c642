package org.rlhf4j.config;

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
}
