package org.rlhf4j.tensor;

import java.util.Arrays;

/**
 * Sums over the rows of a matrix, by blocks of rows whose number depends on the rows alone: their
 * results are added in order, so that a sum is the same for every number of threads.
 */
final class RowSums {
  private static final int LEAST_ROWS = 64; // of a block
  private static final int MOST_BLOCKS = 64;

  private final Workers workers;
  private float[] partial = new float[0]; // [blocks, width]

  RowSums(Workers workers) {
    this.workers = workers;
  }

  /** Adds the rows [from, to) to {@code sums}, which begin at {@code start}. */
  @FunctionalInterface
  interface Block {
    void add(int from, int to, float[] sums, int start);
  }

  /**
   * Runs {@code block} for all rows, each once.
   *
   * @param totals set to the sums of the blocks, one after the other
   */
  void run(int rows, Block block, Floats... totals) {
    int width = width(totals);
    int each = Math.max(LEAST_ROWS, (rows + MOST_BLOCKS - 1) / MOST_BLOCKS);
    int blocks = (rows + each - 1) / each;
    if (partial.length < blocks * width) {
      partial = new float[blocks * width];
    }
    Arrays.fill(partial, 0, blocks * width, 0f);
    workers.run(
        blocks,
        index -> {
          int from = index * each;
          block.add(from, Math.min(rows, from + each), partial, index * width);
        });
    for (int index = 1; index < blocks; index++) {
      add(partial, index * width, partial, width);
    }
    int start = 0;
    for (Floats total : totals) {
      int count = (int) total.length();
      if (blocks == 0) {
        Elementwise.fillRange(total.bytes(), 0, count, 0f);
      } else {
        Lanes.copy(partial, start, total.bytes(), 0, count);
      }
      start += count;
    }
  }

  private static int width(Floats[] totals) {
    int width = 0;
    for (Floats total : totals) {
      width += (int) total.length();
    }
    return width;
  }

  private static void add(float[] from, int start, float[] to, int count) {
    for (int i = 0; i < count; i++) {
      to[i] += from[start + i];
    }
  }
}
