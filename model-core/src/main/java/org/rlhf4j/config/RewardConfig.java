package org.rlhf4j.config;

import static org.rlhf4j.config.ConfigException.check;

/** What the reward model is fitted to; the section also holds {@link OptimizerConfig}. */
public record RewardConfig(
    @Config(value = "objective", doc = "Loss of the reward model; see docs/reward-model.md")
        Objective objective,
    @Config(
            value = "centring",
            doc =
                "bradley-terry: coefficient of the squared sum of a pair's scores, which keeps scores"
                    + " around 0; 0 means none, 0.01 is usual")
        double centring,
    @Config(
            value = "label-smoothing",
            doc = "bradley-terry and binary: share of labels taken to be wrong, below 0.5")
        double labelSmoothing,
    @Config(
            value = "rating-loss",
            doc =
                "rating: regression is the squared error, ordinal the logistic loss at each threshold"
                    + " between two grades")
        RatingLoss ratingLoss,
    @Config(value = "lowest-rating", doc = "rating with rating-loss ordinal: the lowest grade")
        int lowestRating,
    @Config(value = "highest-rating", doc = "rating with rating-loss ordinal: the highest grade")
        int highestRating) {

  /** Loss of a reward model. */
  public enum Objective {
    BRADLEY_TERRY,
    RANKING_PAIRS,
    PLACKETT_LUCE,
    BEST_OF_K,
    RATING,
    BINARY
  }

  /** Loss of a grade. */
  public enum RatingLoss {
    REGRESSION,
    ORDINAL
  }

  public static final RewardConfig DEFAULTS =
      new RewardConfig(Objective.BRADLEY_TERRY, 0, 0, RatingLoss.REGRESSION, 1, 5);

  public RewardConfig {
    check(centring >= 0, "reward.centring must not be negative, but is %s", centring);
    check(
        labelSmoothing >= 0 && labelSmoothing < 0.5,
        "reward.label-smoothing must be at least 0 and below 0.5, but is %s",
        labelSmoothing);
    check(
        lowestRating < highestRating,
        "reward.lowest-rating must be below reward.highest-rating, but is %s",
        lowestRating);
  }
}
