package org.rlhf4j.jobs.train;

import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.rlhf4j.tensor.Floats;

/**
 * Weighted mean of vectors, each value summed in the order given and in double, so that it is
 * reproducible. Ranges of values are shared out between the cores of this machine.
 */
final class Averaging {
  /** Values at a time, few enough for the second-level cache. */
  private static final int BLOCK = 1 << 13;

  /** Ranges for each core, so that a busy core does not hold up the others. */
  private static final int RANGES_PER_CORE = 4;

  private Averaging() {}

  /**
   * @param vectors at least one, all equally long
   * @param weights not negative; all zero counts as all equal
   * @param targets set to the mean; as long as the vectors, which may be among them
   */
  static void mean(List<Floats> vectors, double[] weights, List<Floats> targets) {
    if (vectors.isEmpty()) {
      throw new IllegalArgumentException("Nothing has no mean");
    }
    if (vectors.size() == 1) {
      targets.stream()
          .filter(target -> !target.isSameMemoryAs(vectors.get(0)))
          .forEach(target -> FloatChunks.copy(vectors.get(0), target));
      return;
    }
    long length = vectors.get(0).length();
    double[] shares = shares(weights);
    long blocks = (length + BLOCK - 1) / BLOCK;
    int ranges =
        (int) Math.min(blocks, RANGES_PER_CORE * (long) Runtime.getRuntime().availableProcessors());
    IntStream.range(0, ranges)
        .parallel()
        .forEach(
            range ->
                meanOfBlocks(
                    vectors,
                    shares,
                    targets,
                    blocks * range / ranges,
                    blocks * (range + 1) / ranges));
  }

  private static void meanOfBlocks(
      List<Floats> vectors, double[] shares, List<Floats> targets, long first, long end) {
    float[] values = new float[BLOCK];
    double[] sums = new double[BLOCK];
    for (long block = first; block < end; block++) {
      long offset = block * BLOCK;
      int count = (int) Math.min(BLOCK, vectors.get(0).length() - offset);
      Arrays.fill(sums, 0);
      for (int v = 0; v < shares.length; v++) {
        vectors.get(v).copyTo(offset, values, 0, count);
        addScaled(values, shares[v], sums, count);
      }
      for (int i = 0; i < count; i++) {
        values[i] = (float) sums[i];
      }
      for (Floats target : targets) {
        target.copyFrom(values, 0, offset, count);
      }
    }
  }

  private static void addScaled(float[] values, double share, double[] sums, int count) {
    for (int i = 0; i < count; i++) {
      sums[i] += share * values[i];
    }
  }

  private static double[] shares(double[] weights) {
    double total = Arrays.stream(weights).sum();
    double[] shares = new double[weights.length];
    for (int i = 0; i < shares.length; i++) {
      shares[i] = total > 0 ? weights[i] / total : 1.0 / shares.length;
    }
    return shares;
  }
}
