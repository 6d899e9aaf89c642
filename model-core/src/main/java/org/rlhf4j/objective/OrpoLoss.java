package org.rlhf4j.objective;

/**
 * Odds-ratio preference optimisation, without reference policy: the negative log-likelihood of the
 * chosen response, mean over its tokens, plus {@code -b log sigmoid(log(odds_chosen /
 * odds_rejected))} with {@code odds = p / (1 - p)} and {@code log p} the mean over tokens of the
 * log-probability; Hong et al. 2024 (arXiv:2403.07691), eqs. 4, 6 and 7, where b is called lambda.
 *
 * <p>The likelihood is of the response, as in the paper; trl adds the prompt's tokens.
 *
 * @param beta b
 */
public record OrpoLoss(double beta) implements PairObjective {
  /**
   * Largest mean log-probability that enters the odds: those of a certain response are infinite.
   */
  private static final double MOST_CERTAIN = -1e-6;

  @Override
  public boolean usesReference() {
    return false;
  }

  @Override
  public PairLoss pair(ResponseSum chosen, ResponseSum rejected) {
    double logOddsRatio = logOdds(chosen) - logOdds(rejected);
    double slope = -beta * Statistics.sigmoid(-logOddsRatio);
    return new PairLoss(
        beta * Statistics.softplus(-logOddsRatio) - chosen.meanLogprob(),
        (slope * logOddsSlope(chosen) - 1) / chosen.tokens(),
        -slope * logOddsSlope(rejected) / rejected.tokens(),
        beta * chosen.meanLogprob(),
        beta * rejected.meanLogprob());
  }

  private static double logOdds(ResponseSum response) {
    double mean = Math.min(response.meanLogprob(), MOST_CERTAIN);
    return mean - Math.log(-Math.expm1(mean));
  }

  /** Derivative by the mean log-probability: 1 / (1 - p). */
  private static double logOddsSlope(ResponseSum response) {
    double mean = response.meanLogprob();
    return mean > MOST_CERTAIN ? 0 : -1 / Math.expm1(mean);
  }
}
