package org.rlhf4j.jobs.quality;

import org.rlhf4j.jobs.quality.Resampling.Interval;

/**
 * 95 % interval of a probability from independent trials (Wilson 1927, Journal of the American
 * Statistical Association 22:209): it holds for few trials, too, and when all go one way.
 */
final class Wilson {
  private static final double ERRORS = 1.959963984540054;

  private Wilson() {}

  /**
   * @param trials at least 1
   */
  static Interval interval(long successes, long trials) {
    return interval((double) successes / trials, trials);
  }

  /**
   * @param share of successes, which may be a mean of probabilities
   */
  static Interval interval(double share, long trials) {
    double squared = ERRORS * ERRORS;
    double centre = (share + squared / (2 * trials)) / (1 + squared / trials);
    double reach =
        ERRORS
            * Math.sqrt(share * (1 - share) / trials + squared / (4.0 * trials * trials))
            / (1 + squared / trials);
    return new Interval(Math.max(0, centre - reach), Math.min(1, centre + reach));
  }
}
