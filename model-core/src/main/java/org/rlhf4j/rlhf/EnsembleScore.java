package org.rlhf4j.rlhf;

import org.rlhf4j.config.EnsembleConfig;

/**
 * One score of several reward models for a response, Coste et al. 2023 (arXiv:2310.02743), section
 * 3: the mean (eq. 2), the worst case (eq. 3), or the mean minus a multiple of the members'
 * variance (eq. 4), or of its root, which has the score's unit.
 *
 * @param score by the rule
 * @param deviation of the members around their mean, biased: how much they disagree
 */
public record EnsembleScore(double score, double deviation) {
  /**
   * @param scores of the members, in a fixed order, [M], at least one
   */
  public static EnsembleScore of(double[] scores, EnsembleConfig config) {
    Moments moments = Moments.NONE;
    double worst = Double.POSITIVE_INFINITY;
    for (double score : scores) {
      moments = moments.merge(Moments.of(score));
      worst = Math.min(worst, score);
    }
    double variance = moments.variance();
    double deviation = Math.sqrt(variance);
    double score =
        switch (config.rule()) {
          case MEAN -> moments.mean();
          case MEAN_MINUS_DEVIATION -> moments.mean() - config.coefficient() * deviation;
          case MEAN_MINUS_VARIANCE -> moments.mean() - config.coefficient() * variance;
          case WORST -> worst;
        };
    return new EnsembleScore(score, deviation);
  }
}
