package org.rlhf4j.config;

import static org.rlhf4j.config.ConfigException.check;

/** Direct preference optimisation; the section also holds {@link OptimizerConfig}. */
public record DpoConfig(
    @Config(value = "objective", doc = "Preference loss; see docs/dpo.md") Objective objective,
    @Config(
            value = "beta",
            doc =
                "Weight of the distance to the reference policy; of simpo the scale of the rewards (2"
                    + " in its paper), of orpo the weight of the odds ratio")
        double beta,
    @Config(
            value = "label-smoothing",
            doc =
                "Share of labels that cdpo takes to be wrong, below 0.5; the others do not read it")
        double labelSmoothing,
    @Config(
            value = "length-normalized",
            doc = "ipo: mean of the log-ratios over tokens, as trl has it, in place of their sum")
        boolean lengthNormalized,
    @Config(value = "gamma", doc = "simpo: margin that the rewards shall have") double gamma,
    @Config(value = "desirable-weight", doc = "kto: weight of good responses in the loss")
        double desirableWeight,
    @Config(value = "undesirable-weight", doc = "kto: weight of bad responses in the loss")
        double undesirableWeight,
    @Config(
            value = "good-rating",
            doc = "kto on ratings: least rating of a good response; yes and no are 1 and 0")
        double goodRating) {

  /** Preference loss. */
  public enum Objective {
    DPO,
    CDPO,
    IPO,
    KTO,
    ORPO,
    SIMPO
  }

  public static final DpoConfig DEFAULTS =
      new DpoConfig(Objective.DPO, 0.1, 0.1, false, 1.0, 1.0, 1.0, 1.0);

  public DpoConfig {
    check(beta > 0, "dpo.beta must be positive, but is %s", beta);
    check(
        labelSmoothing >= 0 && labelSmoothing < 0.5,
        "dpo.label-smoothing must be at least 0 and below 0.5, but is %s",
        labelSmoothing);
    check(gamma >= 0, "dpo.gamma must not be negative, but is %s", gamma);
    check(desirableWeight > 0, "dpo.desirable-weight must be positive, but is %s", desirableWeight);
    check(
        undesirableWeight > 0,
        "dpo.undesirable-weight must be positive, but is %s",
        undesirableWeight);
  }
}
