package org.rlhf4j.jobs.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class TestComparison {
  @Test
  void speedIsThatOfTheMiddleTurn() {
    List<CaseResult> ours = List.of(result(1, 2, 9), result(4), result(10));
    List<CaseResult> torch = List.of(result(6), result(4, 4), result(20, 30));
    assertThat(Comparison.speed(ours, torch)).isEqualTo(2.5); // 3, 1 and 2.5
  }

  private static CaseResult result(double... seconds) {
    return new CaseResult(Arrays.stream(seconds).boxed().toList(), 0, 0, 0);
  }
}
