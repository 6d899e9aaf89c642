package org.rlhf4j.jobs.quality;

import java.io.Serializable;
import java.util.Arrays;

/**
 * A sum of doubles without rounding: it is the same in any order, and so on any number of
 * partitions. Kept as partial sums that do not overlap (Shewchuk 1997, Discrete and Computational
 * Geometry 18:305, "grow expansion"), rounded once at the end. Terms must be finite.
 */
final class ExactSum implements Serializable {
  private static final long serialVersionUID = 1L;

  /** Ascending in magnitude; their exact sum is the sum so far. */
  private double[] partials = new double[4];

  private int size;

  ExactSum add(double term) {
    double rest = term;
    int kept = 0;
    for (int i = 0; i < size; i++) {
      double partial = partials[i];
      double large = Math.abs(rest) < Math.abs(partial) ? partial : rest;
      double small = Math.abs(rest) < Math.abs(partial) ? rest : partial;
      double high = large + small;
      double low = small - (high - large);
      if (low != 0) {
        partials[kept++] = low;
      }
      rest = high;
    }

    if (kept == partials.length) {
      partials = Arrays.copyOf(partials, 2 * kept);
    }

    partials[kept] = rest;
    size = kept + 1;
    return this;
  }

  ExactSum merge(ExactSum other) {
    for (int i = 0; i < other.size; i++) {
      add(other.partials[i]);
    }

    return this;
  }

  /** The sum, rounded half to even. */
  double value() {
    if (size == 0) {
      return 0;
    }

    int i = size - 1;
    double high = partials[i];
    double low = 0;
    while (i > 0 && low == 0) {
      double before = high;
      double partial = partials[--i];
      high = before + partial;
      low = partial - (high - before);
    }

    // A tie was rounded to even, but what follows may say that it is none.
    boolean isBelow = i > 0 && low < 0 && partials[i - 1] < 0;
    boolean isAbove = i > 0 && low > 0 && partials[i - 1] > 0;
    if (isBelow || isAbove) {
      double twice = 2 * low;
      double rounded = high + twice;
      return twice == rounded - high ? rounded : high;
    }

    return high;
  }
}
