package org.rlhf4j.tensor;

import java.util.Arrays;

/**
 * A distribution over tokens: the softmax of a row of logits. Not thread-safe.
 *
 * <p>Design: weights are summed in blocks, so that a draw looks for its block first and at 256
 * weights then. Sums over blocks are in double precision.
 */
public final class Categorical {
  private static final int BLOCK = 256; // a multiple of a vector's lanes

  private static final float NEVER = 1e-34f; // what Lanes.exp makes of -infinity, and some more

  private final int size;
  private final float[] weights; // exp(logit - max), in whole blocks
  private final double[] sums; // of blocks
  private double max;

  /**
   * @param size V, tokens of the vocabulary
   */
  public Categorical(int size) {
    this.size = size;
    int blocks = (size + BLOCK - 1) / BLOCK;
    this.weights = new float[blocks * BLOCK];
    this.sums = new double[blocks];
  }

  /**
   * Takes in a distribution.
   *
   * @param logits [V]; at least one is finite; what stands at -infinity, or 78 below the largest,
   *     is never drawn
   */
  public void set(float[] logits) {
    System.arraycopy(logits, 0, weights, 0, size);
    Arrays.fill(weights, size, weights.length, Float.NEGATIVE_INFINITY);
    max = Softmax.max(weights, 0, weights.length);
    for (int block = 0; block < sums.length; block++) {
      int from = block * BLOCK;
      sums[block] = Softmax.exponentials(weights, from, from + BLOCK, (float) max);
    }
  }

  /** The logarithm of the sum of exp(logit). */
  public double logSum() {
    return max + Math.log(total());
  }

  private double total() {
    double total = 0;
    for (double sum : sums) {
      total += sum;
    }
    return total;
  }

  /**
   * The token at which the cumulated probability passes {@code uniform}, in vocabulary order.
   *
   * @param uniform in [0, 1)
   */
  public int draw(double uniform) {
    double rest = uniform * total();
    int block = 0;
    while (block < sums.length - 1 && rest >= sums[block]) {
      rest -= sums[block++];
    }
    int token = block * BLOCK;
    int last = Math.min(token + BLOCK, size) - 1;
    while (token < last && rest >= weights[token]) {
      rest -= weights[token++];
    }
    return drawable(token);
  }

  /** The token itself, or, where rounding led to one that is never drawn, one beside it. */
  private int drawable(int token) {
    int found = token;
    while (found > 0 && weights[found] <= NEVER) {
      found--;
    }
    while (weights[found] <= NEVER) {
      found++;
    }
    return found;
  }
}
