package org.rlhf4j.config;

import static org.rlhf4j.config.ConfigException.check;

/** Direct preference optimisation; the section also holds {@link OptimizerConfig}. */
public record DpoConfig(
    @Config(value = "objective", doc = "Preference loss; read by the dpo command once it exists")
        Objective objective,
    @Config(value = "beta", doc = "Weight of the distance to the reference policy") double beta) {

  /** Preference loss. */
  public enum Objective {
    DPO,
    CDPO,
    IPO,
    KTO,
    ORPO,
    SIMPO
  }

  public static final DpoConfig DEFAULTS = new DpoConfig(Objective.DPO, 0.1);

  public DpoConfig {
    check(beta > 0, "dpo.beta must be positive, but is %s", beta);
  }
}
