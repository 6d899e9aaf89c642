package org.rlhf4j.jobs.bench;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * What processes measured.
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
    return median(seconds);
  }

  static double median(List<Double> values) {
    List<Double> sorted = new ArrayList<>(values);
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

  /** All rounds, the largest memory, the mean speed of the product. */
  static CaseResult of(List<CaseResult> results) {
    return new CaseResult(
        results.stream().flatMap(result -> result.seconds.stream()).toList(),
        results.stream().mapToDouble(CaseResult::peakMemory).max().orElse(0),
        results.get(0).operations,
        results.stream().mapToDouble(CaseResult::productSpeed).average().orElse(0));
  }
}
