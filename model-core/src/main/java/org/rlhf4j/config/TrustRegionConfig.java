package org.rlhf4j.config;

import static org.rlhf4j.config.ConfigException.check;

/** The trust region of the policy objective trpo; a part of the section ppo. */
public record TrustRegionConfig(
    @Config(
            value = "trust-region",
            doc =
                "trpo: largest KL from the policy that sampled to the updated one, nats per token; Schulman et al. 2015, eq. 14")
        double radius,
    @Config(
            value = "trust-region-damping",
            doc = "trpo: added to the diagonal of the Fisher information")
        double damping,
    @Config(
            value = "conjugate-gradient-steps",
            doc = "trpo: products with the Fisher information, two passes over the experience each")
        int conjugateGradientSteps,
    @Config(
            value = "line-search-steps",
            doc = "trpo: lengths that are tried, each half of the one before")
        int lineSearchSteps) {
  public static final TrustRegionConfig DEFAULTS = new TrustRegionConfig(0.01, 0.1, 10, 10);

  public TrustRegionConfig {
    check(radius > 0, "ppo.trust-region must be positive, but is %s", radius);
    check(damping >= 0, "ppo.trust-region-damping must not be negative, but is %s", damping);
    check(
        conjugateGradientSteps > 0,
        "ppo.conjugate-gradient-steps must be positive, but is %s",
        conjugateGradientSteps);
    check(
        lineSearchSteps > 0, "ppo.line-search-steps must be positive, but is %s", lineSearchSteps);
  }
}
