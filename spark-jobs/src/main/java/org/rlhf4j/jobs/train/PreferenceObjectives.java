package org.rlhf4j.jobs.train;

import org.rlhf4j.config.DpoConfig;
import org.rlhf4j.objective.DpoLoss;
import org.rlhf4j.objective.IpoLoss;
import org.rlhf4j.objective.KtoLoss;
import org.rlhf4j.objective.Objective;
import org.rlhf4j.objective.OrpoLoss;
import org.rlhf4j.objective.SimpoLoss;

/** The losses that {@code dpo.objective} names. */
public final class PreferenceObjectives {
  private static final double LABELS_ARE_RIGHT = 0;

  private PreferenceObjectives() {}

  /** Reads the channels that it names. */
  public static Objective of(DpoConfig config) {
    double beta = config.beta();
    return switch (config.objective()) {
      case DPO -> new DpoLoss(beta, LABELS_ARE_RIGHT);
      case CDPO -> new DpoLoss(beta, config.labelSmoothing());
      case IPO ->
          new IpoLoss(
              beta,
              config.lengthNormalized()
                  ? IpoLoss.Normalization.MEAN_OVER_TOKENS
                  : IpoLoss.Normalization.SUM);
      case KTO -> new KtoLoss(beta, config.desirableWeight(), config.undesirableWeight());
      case ORPO -> new OrpoLoss(beta);
      case SIMPO -> new SimpoLoss(beta, config.gamma());
    };
  }
}
