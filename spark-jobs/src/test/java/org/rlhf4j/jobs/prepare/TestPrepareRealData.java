package org.rlhf4j.jobs.prepare;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.rlhf4j.config.DataConfig;
import org.rlhf4j.config.PrepareConfig;
import org.rlhf4j.jobs.SparkTests;

/** Real data sets with known counts, where the folder of shared data lies beside the project. */
@Tag("spark")
class TestPrepareRealData {
  private static final Path SHARED_DATA = Path.of("../../shared/data");

  @TempDir private Path folder;

  private final SparkSession spark = SparkTests.session();

  @Test
  void hhRlhf() {
    PrepareResult result = prepare("hh_rlhf/pairs.jsonl.gz", "auto");
    assertThat(result.read()).isEqualTo(1800);
  }

  @Test
  void openAssistant() {
    PrepareResult result = prepare("oasst1_en_validation/en-validation.jsonl", "auto");
    assertThat(result.read()).isEqualTo(2022);
  }

  @Test
  void gsm8k() {
    PrepareResult result = prepare("gsm8k/t*.jsonl", "auto");
    assertThat(result.read()).isEqualTo(7473 + 1319);
  }

  @Test
  void arenaHard() {
    PrepareResult result = prepare("arena_hard/arena-hard-v0.1/question.jsonl", "auto");
    assertThat(result.read()).isEqualTo(500);
  }

  private PrepareResult prepare(String input, String format) {
    Assumptions.assumeTrue(Files.isDirectory(SHARED_DATA), SHARED_DATA + " is absent");
    String path = SHARED_DATA.resolve(input).toString();
    return new PrepareJob(spark, PrepareConfig.DEFAULTS, DataConfig.DEFAULTS)
        .execute(List.of(path), format, folder.toString());
  }
}
