package org.rlhf4j.jobs.report;

import java.io.Serializable;

/** Lengths by powers of two: none, 1, 2 to 3, 4 to 7 ... */
final class LengthHistogram implements Serializable {
  private static final long serialVersionUID = 1L;

  private final long[] counts = new long[Integer.SIZE];
  private long sum;
  private int max;

  void add(int length) {
    counts[Integer.SIZE - Integer.numberOfLeadingZeros(length)]++;
    sum += length;
    max = Math.max(max, length);
  }

  LengthHistogram merge(LengthHistogram other) {
    for (int bin = 0; bin < counts.length; bin++) {
      counts[bin] += other.counts[bin];
    }

    sum += other.sum;
    max = Math.max(max, other.max);
    return this;
  }

  long count(int bin) {
    return counts[bin];
  }

  /** First bin with a text. */
  int first() {
    int bin = 0;
    while (bin < counts.length - 1 && counts[bin] == 0) {
      bin++;
    }

    return bin;
  }

  /** Last bin with a text. */
  int last() {
    int bin = counts.length - 1;
    while (bin > 0 && counts[bin] == 0) {
      bin--;
    }

    return bin;
  }

  /** Least length of a bin. */
  static long least(int bin) {
    return bin == 0 ? 0 : 1L << (bin - 1);
  }

  double mean() {
    long texts = 0;
    for (long count : counts) {
      texts += count;
    }

    return texts == 0 ? 0 : (double) sum / texts;
  }

  int max() {
    return max;
  }
}
