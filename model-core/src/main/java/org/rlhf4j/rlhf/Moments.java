package org.rlhf4j.rlhf;

import java.io.Serializable;

/**
 * Count, mean and sum of squared deviations of a set of numbers; parts of a data set merge into the
 * whole by Chan, Golub and LeVeque 1979, eq. 2.1. Merging is exact up to rounding, so whoever needs
 * the same bits again must merge the same parts in the same order.
 *
 * @param count numbers seen
 * @param mean 0 for none
 * @param squaredDeviations sum of (x - mean)^2
 */
public record Moments(long count, double mean, double squaredDeviations) implements Serializable {
  public static final Moments NONE = new Moments(0, 0.0, 0.0);

  public static Moments of(float[] values) {
    if (values.length == 0) {
      return NONE;
    }
    double sum = 0.0;
    for (float value : values) {
      sum += value;
    }
    double mean = sum / values.length;
    double squaredDeviations = 0.0;
    for (float value : values) {
      squaredDeviations += (value - mean) * (value - mean);
    }
    return new Moments(values.length, mean, squaredDeviations);
  }

  /** Of one number. */
  public static Moments of(double value) {
    return new Moments(1, value, 0.0);
  }

  /** Moments of these numbers followed by those of {@code later}. */
  public Moments merge(Moments later) {
    if (later.count == 0) {
      return this;
    }
    if (count == 0) {
      return later;
    }
    long total = count + later.count;
    double distance = later.mean - mean;
    double weight = (double) later.count / total;
    return new Moments(
        total,
        mean + distance * weight,
        squaredDeviations + later.squaredDeviations + distance * distance * weight * count);
  }

  /** Biased variance: divided by the count, as {@code tf.nn.moments}; 0 for none. */
  public double variance() {
    return count == 0 ? 0.0 : squaredDeviations / count;
  }

  /** Unbiased variance: divided by count - 1; 0 for fewer than two. */
  public double sampleVariance() {
    return count < 2 ? 0.0 : squaredDeviations / (count - 1);
  }

  /** Standard error of the mean of independent numbers; 0 for fewer than two. */
  public double standardError() {
    return count < 2 ? 0.0 : Math.sqrt(sampleVariance() / count);
  }
}
