package org.rlhf4j.jobs.train;

import java.util.List;
import org.rlhf4j.tensor.Floats;

/**
 * Weighted mean of vectors, summed in the order given and in double, so that it is reproducible.
 */
final class Averaging {
  private static final int BLOCK = 1 << 16;

  private Averaging() {}

  /**
   * @param vectors at least one, all as long as {@code mean}
   * @param weights not negative; all zero counts as all equal
   * @param mean set
   */
  static void mean(List<Floats> vectors, double[] weights, Floats mean) {
    if (vectors.isEmpty()) {
      throw new IllegalArgumentException("Nothing has no mean");
    }
    if (vectors.size() == 1) {
      FloatChunks.copy(vectors.get(0), mean);
      return;
    }
    double[] shares = shares(weights);
    float[] values = new float[BLOCK];
    double[] sums = new double[BLOCK];
    for (long offset = 0; offset < mean.length(); offset += BLOCK) {
      int count = (int) Math.min(BLOCK, mean.length() - offset);
      java.util.Arrays.fill(sums, 0);
      for (int v = 0; v < shares.length; v++) {
        vectors.get(v).copyTo(offset, values, 0, count);
        for (int i = 0; i < count; i++) {
          sums[i] += shares[v] * values[i];
        }
      }
      for (int i = 0; i < count; i++) {
        values[i] = (float) sums[i];
      }
      mean.copyFrom(values, 0, offset, count);
    }
  }

  private static double[] shares(double[] weights) {
    double total = java.util.Arrays.stream(weights).sum();
    double[] shares = new double[weights.length];
    for (int i = 0; i < shares.length; i++) {
      shares[i] = total > 0 ? weights[i] / total : 1.0 / shares.length;
    }
    return shares;
  }
}
