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
        int highestRating,
    @Config(
            value = "normalize",
            doc =
                "Shift the finished model's scores so that reference responses have mean 0, or mean 0"
                    + " and variance 1; not for rating and binary, whose scores have a unit")
        Normalize normalize,
    @Config(
            value = "normalize-input",
            doc =
                "Demonstrations or preferences whose training rows hold the reference responses (of"
                    + " pairs: the chosen ones); empty means the rows that were trained on")
        String normalizeInput) {

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

  /** What the reference responses' scores are brought to. */
  public enum Normalize {
    NONE,
    MEAN,
    MEAN_AND_VARIANCE
  }

  public static final RewardConfig DEFAULTS =
      new RewardConfig(
          Objective.BRADLEY_TERRY, 0, 0, RatingLoss.REGRESSION, 1, 5, Normalize.NONE, "");

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
    boolean hasUnit = objective == Objective.RATING || objective == Objective.BINARY;
    check(
        normalize == Normalize.NONE || !hasUnit,
        "reward.normalize must be none where reward.objective is rating or binary, whose scores have"
            + " a unit and a zero of their own, but is %s",
        ConfigKey.kebab(normalize));
    check(
        normalizeInput.isEmpty() || normalize != Normalize.NONE,
        "reward.normalize-input is %s, but reward.normalize is none; set it to mean or"
            + " mean-and-variance",
        normalizeInput);
  }

  /** The same with normalised scores. */
  public RewardConfig withNormalized(Normalize what, String input) {
    return new RewardConfig(
        objective, centring, labelSmoothing, ratingLoss, lowestRating, highestRating, what, input);
  }
}
