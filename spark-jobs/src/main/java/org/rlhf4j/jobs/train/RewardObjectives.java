package org.rlhf4j.jobs.train;

import org.rlhf4j.config.RewardConfig;
import org.rlhf4j.objective.BinaryFeedback;
import org.rlhf4j.objective.BradleyTerry;
import org.rlhf4j.objective.Objective;
import org.rlhf4j.objective.Ranking;
import org.rlhf4j.objective.RatingLoss;

/** The losses that {@code reward.objective} names. */
final class RewardObjectives {
  private RewardObjectives() {}

  static Objective of(RewardConfig config) {
    return switch (config.objective()) {
      case BRADLEY_TERRY -> new BradleyTerry(config.centring(), config.labelSmoothing());
      case RANKING_PAIRS -> new Ranking(Ranking.Kind.PAIRS);
      case PLACKETT_LUCE -> new Ranking(Ranking.Kind.PLACKETT_LUCE);
      case BEST_OF_K -> new Ranking(Ranking.Kind.BEST_OF_K);
      case RATING ->
          new RatingLoss(
              config.ratingLoss() == RewardConfig.RatingLoss.ORDINAL
                  ? RatingLoss.Kind.ORDINAL
                  : RatingLoss.Kind.REGRESSION,
              config.lowestRating(),
              config.highestRating());
      case BINARY -> new BinaryFeedback(config.labelSmoothing());
    };
  }
}
