package org.rlhf4j.rlhf;

/**
 * 95 % interval of a share of independent trials (Wilson 1927, "Probable inference, the law of
 * succession, and statistical inference", JASA 22): it holds for few trials, too, and where all go
 * one way.
 *
 * @param low at least 0
 * @param high at most 1
 */
public record WilsonInterval(double low, double high) {
  /** Quantile of the normal distribution for a two-sided interval of 95 %. */
  private static final double NORMAL_95 = 1.959963984540054;

  /**
   * @param share of successes, which may be a mean of probabilities
   * @param trials at least 1
   */
  public static WilsonInterval of(double share, long trials) {
    double squared = NORMAL_95 * NORMAL_95;
    double shrinkage = 1 + squared / trials;
    double centre = (share + squared / (2 * trials)) / shrinkage;
    double root = Math.sqrt(share * (1 - share) / trials + squared / (4.0 * trials * trials));
    double half = NORMAL_95 * root / shrinkage;
    return new WilsonInterval(Math.max(0, centre - half), Math.min(1, centre + half));
  }
}
