package org.rlhf4j.jobs.label;

import java.io.Serializable;

/**
 * What becomes of a request that fails for a reason that may pass.
 *
 * @param most further attempts
 * @param firstDelayMillis before the first of them; doubles with each
 * @param timeoutSeconds of one attempt
 */
record Retries(int most, long firstDelayMillis, int timeoutSeconds) implements Serializable {
  private static final long LONGEST_DELAY_MILLIS = 60_000;

  /**
   * Time to wait after a failure.
   *
   * @param failures so far, from 1
   * @param askedMillis what the other side asked for; 0 for nothing
   */
  long delayMillis(int failures, long askedMillis) {
    long doubled = firstDelayMillis << Math.min(failures - 1, 20);
    return Math.min(LONGEST_DELAY_MILLIS, Math.max(doubled, askedMillis));
  }
}
