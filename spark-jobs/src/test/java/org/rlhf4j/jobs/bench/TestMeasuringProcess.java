package org.rlhf4j.jobs.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.rlhf4j.jobs.JobException;

class TestMeasuringProcess {
  private static MeasuringProcess shell(String script) {
    return new MeasuringProcess(List.of("sh", "-c", script));
  }

  @Test
  void answersAsOftenAsItIsAsked() {
    String script =
        "while read s; do echo \"{\\\"seconds\\\": [$s, 3], \\\"peak_memory\\\": 7}\"; done";
    try (MeasuringProcess process = shell(script)) {
      assertThat(process.measure(2)).isEqualTo(new CaseResult(List.of(2.0, 3.0), 7, 0, 0));
      assertThat(process.measure(0.5).seconds()).containsExactly(0.5, 3.0);
    }
  }

  @Test
  void tellsWhatWentWrong() {
    try (MeasuringProcess ends = shell("exit 5");
        MeasuringProcess talks = shell("read s; echo words; echo '{}'; read s")) {
      assertThatThrownBy(() -> ends.measure(1))
          .isInstanceOf(JobException.class)
          .hasMessageContaining("sh ended with exit code 5");
      assertThatThrownBy(() -> talks.measure(1)).hasMessageContaining("gave no result but: {}");
    }
    assertThatThrownBy(() -> new MeasuringProcess(List.of("/no/such/program")))
        .hasMessageContaining("/no/such/program could not be run");
  }
}
