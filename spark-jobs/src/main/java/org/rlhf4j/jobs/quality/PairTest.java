package org.rlhf4j.jobs.quality;

import java.io.Serializable;

/**
 * Whether two annotators agree more often than two people who vote on their own.
 *
 * <p>Under the model of the annotators two votes are independent given the right label, so the
 * number of equal votes is a sum of n independent trials with probabilities p_i. It exceeds its
 * mean at most as often as a binomial variable with the mean probability does (Hoeffding 1956,
 * Annals of Mathematical Statistics 27:713, theorem 5), whatever the p_i. That tail is bounded by
 * exp(-n KL(a, p)), with a the share of equal votes (Chernoff), so that nobody is suspected on an
 * approximation. Items of one cluster, as the pairs of one ranking are, are one trial with their
 * share of equal votes: the bound holds for any independent variables between 0 and 1 (Hoeffding
 * 1963, JASA 58:13, theorem 1).
 *
 * <p>Real items mislead honest people alike, which many common items make significant. So the share
 * of equal votes has to close half of the gap between the expected one and 1, too.
 *
 * @param log10Level logarithm of the largest probability of one pair
 */
record PairTest(double log10Level) implements Serializable {
  /** Fewest trials on which two people are suspected. */
  static final int MIN_ITEMS = 10;

  private static final double MIN_EXCESS = 0.5;

  /**
   * @param level probability of one suspicion or more, by chance, among all pairs
   * @param votePairs pairs of votes on one item, which bound the number of pairs with enough items
   */
  static PairTest of(double level, long votePairs) {
    return new PairTest(Math.log10(level / Math.max(1.0, (double) votePairs / MIN_ITEMS)));
  }

  /**
   * @param trials that are independent
   * @param agreeing sum of their shares of equal votes
   * @param expected sum of their expected shares
   */
  boolean isSuspicious(long trials, double agreeing, double expected) {
    return trials >= MIN_ITEMS
        && agreeing - expected >= MIN_EXCESS * (trials - expected)
        && log10Probability(trials, agreeing, expected) <= log10Level;
  }

  /**
   * Bound on the probability of at least so many equal votes.
   *
   * @param expected sum of the probabilities
   */
  static double log10Probability(long trials, double agreeing, double expected) {
    double share = Math.min(1, agreeing / trials);
    double mean = Math.min(1, expected / trials);
    if (share <= mean) {
      return 0;
    }

    double divergence =
        share * Math.log(share / mean)
            + (share < 1 ? (1 - share) * Math.log((1 - share) / (1 - mean)) : 0);
    return -trials * divergence / Math.log(10);
  }
}
