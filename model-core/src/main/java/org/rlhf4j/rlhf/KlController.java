package org.rlhf4j.rlhf;

import org.rlhf4j.config.KlConfig;

/**
 * Weight of the KL penalty and how it follows the measured KL. Immutable; the coefficient is its
 * whole state, so a checkpoint keeps that one number.
 */
public sealed interface KlController {
  /** Weight of one nat, in units of the score. */
  double coefficient();

  /** The same rule with another coefficient, as read from a checkpoint. */
  KlController withCoefficient(double coefficient);

  /**
   * The controller after one iteration.
   *
   * @param klToReference mean over the iteration's responses, nats per response
   * @param responses responses of the iteration
   */
  KlController update(double klToReference, long responses);

  static KlController of(KlConfig config) {
    return switch (config.controller()) {
      case ADAPTIVE -> new Adaptive(config.coefficient(), config.target(), config.horizon());
      case FIXED -> new Fixed(config.coefficient());
    };
  }

  /**
   * Proportional controller of Ziegler et al. 2019 (arXiv:1909.08593), section 2.2, with the
   * horizon of lm-human-preferences: coefficient *= 1 + clip(KL / target - 1, -0.2, 0.2) *
   * responses / horizon.
   *
   * @param target nats per response
   * @param horizon responses
   */
  record Adaptive(double coefficient, double target, double horizon) implements KlController {
    /** Relative change of the coefficient over one horizon, at most. */
    public static final double LARGEST_ERROR = 0.2;

    @Override
    public KlController withCoefficient(double newCoefficient) {
      return new Adaptive(newCoefficient, target, horizon);
    }

    @Override
    public KlController update(double klToReference, long responses) {
      double error =
          Math.min(LARGEST_ERROR, Math.max(-LARGEST_ERROR, klToReference / target - 1.0));
      return withCoefficient(coefficient * (1.0 + error * responses / horizon));
    }
  }

  /** A coefficient that stays. */
  record Fixed(double coefficient) implements KlController {
    @Override
    public KlController withCoefficient(double newCoefficient) {
      return new Fixed(newCoefficient);
    }

    @Override
    public KlController update(double klToReference, long responses) {
      return this;
    }
  }
}
