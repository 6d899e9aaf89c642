package org.rlhf4j.jobs.train;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.rlhf4j.jobs.SparkTests;
import org.rlhf4j.jobs.dataset.Datasets;
import org.rlhf4j.jobs.dataset.Datasets.OutputFormat;

@Tag("spark")
class TestInputKind {
  @TempDir private Path directory;

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "rows.jsonl | {\"chosen\": \"a\", \"rejected\": \"b\"} | true",
        "rows.json | [{\"chosen\": \"a\", \"rejected\": \"b\"}] | true",
        "rows.jsonl | {\"prompt\": \"a\", \"response\": \"b\"} | false",
        "rows.jsonl | no JSON | false"
      })
  void plainFilesAreKnownByTheirFirstRow(String name, String rows, boolean isPreferences)
      throws IOException {
    Path file = Files.writeString(directory.resolve(name), rows);
    Datasets datasets = new Datasets(SparkTests.session(), OutputFormat.PARQUET);
    assertThat(InputKind.isPreferences(SparkTests.session(), datasets, file.toString()))
        .isEqualTo(isPreferences);
  }
}
