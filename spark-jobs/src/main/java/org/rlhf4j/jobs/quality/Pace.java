package org.rlhf4j.jobs.quality;

/**
 * How fast one annotator votes while at work: votes per hour between votes that are at most half an
 * hour apart, from times in order.
 */
final class Pace {
  /** Longer gaps are breaks, milliseconds. */
  private static final long BREAK = 30 * 60 * 1000L;

  private static final double HOUR = 60 * 60 * 1000.0;

  /** Gaps from which a pace is given. */
  static final int MIN_GAPS = 10;

  private long last;
  private boolean isStarted;
  private long gaps;
  private long working;

  void add(long time) {
    long gap = time - last;
    if (isStarted && gap <= BREAK) {
      gaps++;
      working += gap;
    }

    last = time;
    isStarted = true;
  }

  /** NaN of few votes, or where times are too coarse to tell. */
  double votesPerHour() {
    return gaps < MIN_GAPS || working == 0 ? Double.NaN : gaps * HOUR / working;
  }
}
