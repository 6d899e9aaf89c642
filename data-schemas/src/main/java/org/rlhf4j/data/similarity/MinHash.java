package org.rlhf4j.data.similarity;

import java.util.Arrays;

/**
 * MinHash signatures: under a random permutation the least elements of two sets are equal with the
 * sets' Jaccard index as probability [1], so the share of equal positions of two signatures
 * estimates it.
 *
 * <p>A signature is cut into bands of five positions; two sets meet in a band with probability J^5,
 * and in at least one of ten with 1 - (1 - J^5)^10 [2]: 0.9999 at J = 0.9, 0.98 at 0.8, 0.27 at
 * 0.5. One bit of each position makes a sketch of 64 bits [3], of which two sets share the fraction
 * (1 + J)/2: it tells most chance meetings from likely ones without the sets. Permutations are
 * linear ones of 32-bit hashes with constants from a fixed seed [4].
 *
 * <p>[1] Broder 1997; [2] Leskovec, Rajaraman, Ullman, Mining of Massive Datasets, section 3.4; [3]
 * Li and Koenig 2010, "b-bit minwise hashing"; [4] Bohman, Cooper, Frieze 2000, "Min-wise
 * independent linear permutations".
 */
public final class MinHash {
  /** Positions of a signature. */
  public static final int LENGTH = 64;

  public static final int BANDS = 10;
  private static final int BAND_LENGTH = 5;

  private static final long SEED = 0x726c686634L;
  private static final int[] FACTORS = new int[LENGTH];
  private static final int[] SUMMANDS = new int[LENGTH];

  static {
    for (int i = 0; i < LENGTH; i++) {
      FACTORS[i] = (int) Hashes.random(SEED, 2 * i) | 1;
      SUMMANDS[i] = (int) Hashes.random(SEED, 2 * i + 1);
    }
  }

  private MinHash() {}

  /** Signature of a set that is not empty, [64]. */
  public static int[] signature(int[] shingles) {
    int[] least = new int[LENGTH];
    Arrays.fill(least, Integer.MAX_VALUE);
    for (int shingle : shingles) {
      for (int i = 0; i < LENGTH; i++) {
        least[i] = Math.min(least[i], shingle * FACTORS[i] + SUMMANDS[i]);
      }
    }

    return least;
  }

  /** Estimate of the Jaccard index; its variance is J(1 - J)/64. */
  public static double estimate(int[] left, int[] right) {
    int equal = 0;
    for (int i = 0; i < LENGTH; i++) {
      equal += left[i] == right[i] ? 1 : 0;
    }

    return (double) equal / LENGTH;
  }

  /**
   * Hash of one band: two sets with the same one are candidates.
   *
   * @param scope sets of different scopes never meet
   */
  public static long band(int[] signature, int band, long scope) {
    long hash = Hashes.append(scope, band);
    for (int i = band * BAND_LENGTH; i < (band + 1) * BAND_LENGTH; i++) {
      hash = Hashes.append(hash, signature[i]);
    }

    return hash;
  }

  /** One bit of each position. */
  public static long sketch(int[] signature) {
    long sketch = 0;
    for (int i = 0; i < LENGTH; i++) {
      sketch |= (Hashes.mix(signature[i]) & 1) << i;
    }

    return sketch;
  }

  /** Estimate of the Jaccard index from two sketches; its variance is (1 - J)(1 + J)/64. */
  public static double estimate(long leftSketch, long rightSketch) {
    int equal = LENGTH - Long.bitCount(leftSketch ^ rightSketch);
    return 2.0 * equal / LENGTH - 1;
  }
}
