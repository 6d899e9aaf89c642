package org.rlhf4j.jobs.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TestPpoCommand {
  @ParameterizedTest
  @CsvSource({"out, out.ppo", "out/, out.ppo", "hdfs://host/a/out/, hdfs://host/a/out.ppo"})
  void itsDatasetsLieBesideTheOutput(String output, String work) {
    assertThat(PpoCommand.beside(output)).isEqualTo(work);
  }
}
