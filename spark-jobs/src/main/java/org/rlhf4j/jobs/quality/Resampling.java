package org.rlhf4j.jobs.quality;

import java.util.Arrays;
import java.util.Optional;

/**
 * Bootstrap over items with Poisson weights (Chamandy et al. 2012, "Estimating uncertainty for
 * massive data streams"): in each replicate an item counts as often as a Poisson(1) variable says,
 * which needs no total and no second pass. The variable is a hash of the item's id and the
 * replicate, so that it depends on nothing else; its probabilities are rounded to 2^-16.
 */
final class Resampling {
  private static final long GOLDEN = 0x9E3779B97F4A7C15L;
  private static final double LOW = 0.025;
  private static final double HIGH = 0.975;

  /** Bits of a hash that make one weight, and weights that a hash makes. */
  private static final int BITS = 16;

  private static final int PER_HASH = Long.SIZE / BITS;

  /** The quantiles of Poisson(1): its probabilities in units of 2^-16. */
  private static final byte[] QUANTILES = quantiles();

  /** Fewest replicates with a defined statistic from which an interval is given. */
  private static final int MIN_REPLICATES = 20;

  private Resampling() {}

  /** Bounds of the middle 95 % of the replicates. */
  record Interval(double low, double high) {}

  /** Key of an item for {@link #fillWeights}. */
  static long key(String item) {
    long hash = 0xCBF29CE484222325L; // FNV-1a
    for (int i = 0; i < item.length(); i++) {
      hash = (hash ^ item.charAt(i)) * 0x100000001B3L;
    }

    return mix(hash);
  }

  /**
   * How often the item with this key counts in each replicate: one hash makes four weights.
   *
   * @param weights filled with those of the first replicates
   */
  static void fillWeights(long key, byte[] weights) {
    long hash = 0;
    for (int replicate = 0; replicate < weights.length; replicate++) {
      hash = replicate % PER_HASH == 0 ? hash(key, replicate / PER_HASH) : hash >>> BITS;
      weights[replicate] = QUANTILES[(int) hash & (QUANTILES.length - 1)];
    }
  }

  static long hash(long key, int number) {
    return mix(key + (number + 1) * GOLDEN);
  }

  /**
   * Percentile interval.
   *
   * @param replicates one value each, NaN where it is not defined
   */
  static Optional<Interval> interval(double[] replicates) {
    double[] sorted = Arrays.stream(replicates).filter(Double::isFinite).sorted().toArray();
    if (sorted.length < MIN_REPLICATES) {
      return Optional.empty();
    }

    return Optional.of(new Interval(quantile(sorted, LOW), quantile(sorted, HIGH)));
  }

  /** Linear between order statistics. */
  private static double quantile(double[] sorted, double share) {
    double place = share * (sorted.length - 1);
    int below = (int) place;
    int above = Math.min(below + 1, sorted.length - 1);
    return sorted[below] + (place - below) * (sorted[above] - sorted[below]);
  }

  /** Finaliser of SplitMix64 (Steele, Lea, Flood 2014). */
  private static long mix(long state) {
    long z = (state ^ (state >>> 30)) * 0xBF58476D1CE4E5B9L;
    z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
    return z ^ (z >>> 31);
  }

  private static byte[] quantiles() {
    byte[] quantiles = new byte[1 << BITS];
    double probability = Math.exp(-1);
    double sum = 0;
    int filled = 0;
    for (int k = 0; filled < quantiles.length; k++) {
      sum += probability;
      int end = (int) Math.round(Math.min(1, sum) * quantiles.length);
      Arrays.fill(quantiles, filled, end, (byte) k);
      filled = end;
      probability /= k + 1;
    }

    return quantiles;
  }
}
