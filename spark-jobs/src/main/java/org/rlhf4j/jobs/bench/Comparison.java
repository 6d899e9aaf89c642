package org.rlhf4j.jobs.bench;

import java.util.List;
import java.util.stream.IntStream;

/**
 * PyTorch's side of a case.
 *
 * @param torch what PyTorch's processes measured
 * @param speed ours, PyTorch's being 1
 */
record Comparison(CaseResult torch, double speed) {
  /** Median over the turns of PyTorch's median round over ours. */
  static double speed(List<CaseResult> ours, List<CaseResult> torch) {
    return CaseResult.median(
        IntStream.range(0, ours.size())
            .mapToObj(turn -> torch.get(turn).median() / ours.get(turn).median())
            .toList());
  }
}
