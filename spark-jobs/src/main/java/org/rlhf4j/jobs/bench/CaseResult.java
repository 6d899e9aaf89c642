package org.rlhf4j.jobs.bench;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * What one process measured.
 *
 * @param seconds of each round, in order
 * @param peakMemory largest resident set of the process, MiB; 0 where the system does not tell
 * @param peakShare of the speed of a large matrix product that the rounds reached; 0 if not known
 */
record CaseResult(List<Double> seconds, double peakMemory, double peakShare) {
  CaseResult {
    seconds = List.copyOf(seconds);
  }

  double median() {
    List<Double> sorted = new ArrayList<>(seconds);
    Collections.sort(sorted);
    int middle = sorted.size() / 2;
    return sorted.size() % 2 == 1
        ? sorted.get(middle)
        : (sorted.get(middle - 1) + sorted.get(middle)) / 2;
  }

  /** Both processes' rounds, the larger memory. */
  CaseResult and(CaseResult other) {
    List<Double> all = new ArrayList<>(seconds);
    all.addAll(other.seconds);
    return new CaseResult(
        all, Math.max(peakMemory, other.peakMemory), Math.max(peakShare, other.peakShare));
  }
}
