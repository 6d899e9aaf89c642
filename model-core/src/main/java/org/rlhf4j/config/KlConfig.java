package org.rlhf4j.config;

import static org.rlhf4j.config.ConfigException.check;

import java.io.Serializable;

/** The penalty that keeps the policy near the reference. */
public record KlConfig(
    @Config(
            value = "coefficient",
            doc = "First (adaptive) or only (fixed) weight of the KL penalty")
        double coefficient,
    @Config(value = "controller", doc = "adaptive or fixed") Controller controller,
    @Config(value = "target", doc = "KL the adaptive controller aims at, nats per response")
        double target,
    @Config(value = "horizon", doc = "Responses over which the adaptive controller reacts")
        double horizon,
    @Config(
            value = "estimator",
            doc = "Per-token estimator k1, k2 or k3 (Schulman 2020, Approximating KL divergence)")
        Estimator estimator,
    @Config(value = "place", doc = "Whether the penalty enters the per-token reward or the loss")
        Place place)
    implements Serializable {

  /** How the coefficient moves. */
  public enum Controller {
    ADAPTIVE,
    FIXED
  }

  /** Per-token estimator of the KL divergence. */
  public enum Estimator {
    K1,
    K2,
    K3
  }

  /** Where the penalty enters. */
  public enum Place {
    REWARD,
    LOSS
  }

  public static final KlConfig DEFAULTS =
      new KlConfig(0.1, Controller.ADAPTIVE, 6.0, 10000, Estimator.K1, Place.REWARD);

  public KlConfig {
    check(coefficient >= 0, "kl.coefficient must not be negative, but is %s", coefficient);
    check(target > 0, "kl.target must be positive, but is %s", target);
    check(horizon > 0, "kl.horizon must be positive, but is %s", horizon);
  }
}
