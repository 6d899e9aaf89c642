package org.rlhf4j.jobs.bench;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * What one process measured.
 *
 * @param seconds of each round, in order
 * @param peakMemory largest resident set of the process, MiB; 0 where the system does not tell
 * @param operations floating-point operations per round; 0 if not known
 * @param productSpeed operations per second of a large matrix product; 0 if not known
 */
record CaseResult(List<Double> seconds, double peakMemory, double operations, double productSpeed) {
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

  /** Share of the speed of a large matrix product that the median round reached. */
  double peakShare() {
    return operations / median() / productSpeed;
  }

  /** Both processes' rounds, the larger memory, the mean speed of the product. */
  CaseResult and(CaseResult other) {
    List<Double> all = new ArrayList<>(seconds);
    all.addAll(other.seconds);
    return new CaseResult(
        all,
        Math.max(peakMemory, other.peakMemory),
        operations,
        (productSpeed + other.productSpeed) / 2);
  }
}
