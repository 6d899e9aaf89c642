package org.rlhf4j.jobs.label;

import java.util.concurrent.TimeUnit;

/** Keeps requests apart in time. Not thread-safe. */
final class Pace {
  private final long nanosPerRequest;
  private long next = System.nanoTime();

  /**
   * @param secondsPerRequest 0 for no limit
   */
  Pace(double secondsPerRequest) {
    this.nanosPerRequest = (long) (secondsPerRequest * 1e9);
  }

  /** Waits until the next request may go out. */
  void await() throws InterruptedException {
    long wait = next - System.nanoTime();
    if (wait > 0) {
      TimeUnit.NANOSECONDS.sleep(wait);
    }
    next = Math.max(next, System.nanoTime()) + nanosPerRequest;
  }
}
