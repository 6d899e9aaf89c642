package org.rlhf4j.objective;

/** Small helpers for the sums of objectives. */
final class Statistics {
  private Statistics() {}

  /** {@code sum / weight}, and 0 for nothing at all. */
  static double mean(double sum, double weight) {
    return weight == 0 ? 0 : sum / weight;
  }

  /** log(1 + exp(x)) without overflow. */
  static double softplus(double x) {
    return Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x)));
  }

  static double sigmoid(double x) {
    return x >= 0 ? 1 / (1 + Math.exp(-x)) : Math.exp(x) / (1 + Math.exp(x));
  }

  /** 1 for a positive margin, one half for a tie. */
  static double accuracy(double margin) {
    if (margin == 0) {
      return 0.5;
    }
    return margin > 0 ? 1 : 0;
  }

  static double clip(double x, double low, double high) {
    return Math.max(low, Math.min(high, x));
  }
}
