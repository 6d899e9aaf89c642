package org.rlhf4j.objective;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import org.rlhf4j.metrics.Metric;

/**
 * Reward model on grades, mean over responses by weight. An example is one sequence with one
 * target, its last token. The score is in the unit of the grades.
 *
 * @param kind regression or ordinal
 * @param lowest grade; not read by regression
 * @param highest grade; not read by regression
 */
public record RatingLoss(Kind kind, int lowest, int highest) implements Objective {
  private static final int RESPONSES = 2;
  private static final int ERROR_SQUARED = 3;
  private static final int SCORE = 4;
  private static final int SCORE_SQUARED = 5;
  private static final int RATING = 6;
  private static final int RATING_SQUARED = 7;
  private static final int PRODUCT = 8;

  /** Loss of a grade. */
  public enum Kind {
    /** {@code (r - grade)^2 / 2}. */
    REGRESSION,
    /**
     * Sum over the thresholds between grades, l + 1/2 for l from the lowest grade, of the logistic
     * loss of being on the right side: Rennie and Srebro 2005, "Loss functions for preference
     * levels", section 3.2 (all-threshold), with fixed thresholds.
     */
    ORDINAL
  }

  @Override
  public String[] channels() {
    return new String[] {"weight", "rating"};
  }

  @Override
  public String[] statistics() {
    return new String[] {
      "weight",
      "loss",
      "responses",
      "error_squared",
      "score",
      "score_squared",
      "rating",
      "rating_squared",
      "product"
    };
  }

  @Override
  public double evaluate(
      float[] outputs, float[] entropies, Targets targets, float[] gradient, double[] statistics) {
    float[] weights = targets.channels()[0];
    float[] ratings = targets.channels()[1];
    Arrays.fill(statistics, 0);
    for (float weight : weights) {
      statistics[WEIGHT] += weight;
    }
    for (int k = 0; k < targets.count(); k++) {
      double score = outputs[k];
      double rating = ratings[k];
      double share = Statistics.mean(weights[k], statistics[WEIGHT]);
      gradient[k] = (float) (share * slope(score, rating));
      statistics[LOSS] += weights[k] * loss(score, rating);
      statistics[RESPONSES]++;
      statistics[ERROR_SQUARED] += (score - rating) * (score - rating);
      statistics[SCORE] += score;
      statistics[SCORE_SQUARED] += score * score;
      statistics[RATING] += rating;
      statistics[RATING_SQUARED] += rating * rating;
      statistics[PRODUCT] += score * rating;
    }
    return Statistics.mean(statistics[LOSS], statistics[WEIGHT]);
  }

  private double loss(double score, double rating) {
    if (kind == Kind.REGRESSION) {
      return 0.5 * (score - rating) * (score - rating);
    }
    double loss = 0;
    for (int level = lowest; level < highest; level++) {
      loss += Statistics.softplus(side(rating, level) * (level + 0.5 - score));
    }
    return loss;
  }

  private double slope(double score, double rating) {
    if (kind == Kind.REGRESSION) {
      return score - rating;
    }
    double slope = 0;
    for (int level = lowest; level < highest; level++) {
      double side = side(rating, level);
      slope -= side * Statistics.sigmoid(side * (level + 0.5 - score));
    }
    return slope;
  }

  private static double side(double rating, int level) {
    return rating > level + 0.5 ? 1 : -1;
  }

  @Override
  public Map<String, Double> metrics(double[] statistics) {
    double responses = statistics[RESPONSES];
    Map<String, Double> metrics = new LinkedHashMap<>();
    metrics.put(Metric.LOSS.key(), Statistics.mean(statistics[LOSS], statistics[WEIGHT]));
    metrics.put(
        Metric.RATING_ERROR.key(),
        Math.sqrt(Statistics.mean(statistics[ERROR_SQUARED], responses)));
    metrics.put(Metric.RATING_CORRELATION.key(), correlation(statistics));
    return metrics;
  }

  /** Pearson's; 0 where scores or grades do not vary. */
  private static double correlation(double[] s) {
    double covariance = s[RESPONSES] * s[PRODUCT] - s[SCORE] * s[RATING];
    double scores = s[RESPONSES] * s[SCORE_SQUARED] - s[SCORE] * s[SCORE];
    double ratings = s[RESPONSES] * s[RATING_SQUARED] - s[RATING] * s[RATING];
    return scores <= 0 || ratings <= 0 ? 0 : covariance / Math.sqrt(scores * ratings);
  }
}
