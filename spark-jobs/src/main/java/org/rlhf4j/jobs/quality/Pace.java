package org.rlhf4j.jobs.quality;

/**
 * How fast one annotator votes while at work: votes per hour between votes that are at most half an
 * hour apart, from times in order. Where they all lie within moments, each moment counts as a
 * second's work, which is the least pace that explains them; but times that are all whole minutes,
 * as dates are, tell nothing of seconds.
 */
final class Pace {
  /** Longer gaps are breaks, milliseconds. */
  private static final long BREAK = 30 * 60 * 1000L;

  private static final long MINUTE = 60 * 1000L;
  private static final long SECOND = 1000;
  private static final double HOUR = 60 * 60 * 1000.0;

  /** Gaps from which a pace is given. */
  static final int MIN_GAPS = 10;

  private long last;
  private long stretches;
  private long gaps;
  private long working;
  private boolean isFine;

  void add(long time) {
    long gap = time - last;
    if (stretches > 0 && gap <= BREAK) {
      gaps++;
      working += gap;
    } else {
      stretches++;
    }

    last = time;
    isFine |= time % MINUTE != 0;
  }

  /** NaN of few votes, or where times are too coarse to tell. */
  double votesPerHour() {
    if (gaps < MIN_GAPS || (working == 0 && !isFine)) {
      return Double.NaN;
    }

    return gaps * HOUR / (working == 0 ? stretches * SECOND : working);
  }
}
