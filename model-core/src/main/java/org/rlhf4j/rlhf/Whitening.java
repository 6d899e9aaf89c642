package org.rlhf4j.rlhf;

/**
 * Shifts and scales numbers to unit variance with moments taken elsewhere, usually over all
 * response tokens of one iteration. Biased variance and the epsilon are those of
 * lm-human-preferences, {@code utils/core.py}, {@code whiten}.
 */
public final class Whitening {
  /** Added to the variance, in the squared unit of the numbers. */
  static final double EPSILON = 1e-8;

  private Whitening() {}

  /**
   * Zero mean and unit variance.
   *
   * @param values [T]
   * @param moments of the whole set that {@code values} are part of
   * @return [T]
   */
  public static float[] whiten(float[] values, Moments moments) {
    return scale(values, moments, 0.0);
  }

  /**
   * Unit variance around the mean the numbers have.
   *
   * @param values [T]
   * @param moments of the whole set that {@code values} are part of
   * @return [T]
   */
  public static float[] whitenKeepingMean(float[] values, Moments moments) {
    return scale(values, moments, moments.mean());
  }

  private static float[] scale(float[] values, Moments moments, double newMean) {
    double factor = 1.0 / Math.sqrt(moments.variance() + EPSILON);
    float[] scaled = new float[values.length];
    for (int i = 0; i < values.length; i++) {
      scaled[i] = (float) ((values[i] - moments.mean()) * factor + newMean);
    }
    return scaled;
  }
}
