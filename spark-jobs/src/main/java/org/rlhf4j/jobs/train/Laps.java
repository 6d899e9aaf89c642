package org.rlhf4j.jobs.train;

/** Wall time between events. */
final class Laps {
  private long start = System.nanoTime();

  /** Seconds since the last call, of the first call since this was made. */
  double next() {
    long now = System.nanoTime();
    double seconds = (now - start) * 1e-9;
    start = now;
    return seconds;
  }
}
