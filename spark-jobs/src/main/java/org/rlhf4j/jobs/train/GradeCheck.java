package org.rlhf4j.jobs.train;

import java.io.Serializable;
import org.rlhf4j.config.RewardConfig;
import org.rlhf4j.config.RewardConfig.Objective;
import org.rlhf4j.config.RewardConfig.RatingLoss;
import org.rlhf4j.data.dataset.Rating;
import org.rlhf4j.jobs.JobException;

/**
 * Refuses grades that a loss cannot mean.
 *
 * @param lowest grade that is allowed
 * @param highest grade that is allowed
 * @param advice what to do about others
 */
record GradeCheck(double lowest, double highest, String advice) implements Serializable {
  static GradeCheck of(RewardConfig config) {
    if (config.objective() == Objective.BINARY) {
      return new GradeCheck(0, 1, "set reward.objective to rating for grades");
    }
    return config.ratingLoss() == RatingLoss.ORDINAL
        ? new GradeCheck(
            config.lowestRating(),
            config.highestRating(),
            "set reward.lowest-rating and reward.highest-rating")
        : new GradeCheck(Double.NEGATIVE_INFINITY, Double.POSITIVE_INFINITY, "");
  }

  /**
   * The row itself.
   *
   * @throws JobException if its grade is out of range
   */
  Rating checked(Rating row) {
    if (row.rating() < lowest || row.rating() > highest) {
      throw JobException.badInput(
          "The row with rating_id %s has rating %s, but the loss reads %s to %s; correct it or %s",
          row.ratingId(), row.rating(), lowest, highest, advice);
    }
    return row;
  }
}
