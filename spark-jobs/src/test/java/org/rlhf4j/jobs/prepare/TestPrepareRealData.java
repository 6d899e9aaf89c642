package org.rlhf4j.jobs.prepare;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.rlhf4j.config.DataConfig;
import org.rlhf4j.config.PrepareConfig;
import org.rlhf4j.jobs.SparkTests;

/** Real data with known counts; skipped where the folder of shared data is absent. */
@Tag("spark")
class TestPrepareRealData {
  /** Beside the project; tests run in the folder of their module. */
  private static final Path SHARED_DATA =
      Path.of(System.getProperty("shared.data", "../../shared/data"));

  @TempDir private Path folder;

  private final SparkSession spark = SparkTests.session();

  @BeforeEach
  void findSharedData() {
    assumeTrue(Files.isDirectory(SHARED_DATA), SHARED_DATA + " is absent");
  }

  @Test
  void hhRlhfHasEmptyRepliesAndRepeatedRoleMarkers() {
    PrepareResult result = prepare("hh_rlhf/pairs.jsonl.gz");

    assertThat(result.read()).isEqualTo(1_800);
    assertThat(result.kept()).isEqualTo(1_794);
    assertThat(result.reasons()).isEqualTo(Map.of("empty_response", 4L, "prompt_mismatch", 2L));
    assertThat(result.datasets()).isEqualTo(Map.of("preferences", 1_794L, "prompts", 1_792L));
  }

  @Test
  void openAssistantHasOrphansDeletedAndUnrankedMessages() {
    PrepareResult result = prepare("oasst1_en_validation/en-validation.jsonl");

    assertThat(result.read()).isEqualTo(2_022);
    // of three replies to one message the first and the last are the same text
    assertThat(result.reasons())
        .isEqualTo(Map.of("deleted", 40L, "orphan", 3L, "unranked", 29L, "contradictory_pair", 3L));
    // 1,026 ranked pairs, less four with a deleted reply and the three of those replies
    assertThat(result.datasets()).containsEntry("preferences", 1_019L);
  }

  @Test
  void questionsAndPromptsAreRead() {
    assertThat(prepare("gsm8k/test.jsonl").datasets()).isEqualTo(Map.of("demonstrations", 1_319L));
    assertThat(prepare("arena_hard/arena-hard-v0.1/question.jsonl").datasets())
        .isEqualTo(Map.of("prompts", 500L));
  }

  @Test
  void fineGrainedFeedbackIsComparedTwoByTwo() {
    PrepareResult result = prepare("finegrained_rlhf/dev_feedback.json");

    // 500 questions with six comparisons each, of which 384 are ties
    assertThat(result.read()).isEqualTo(500);
    assertThat(result.datasets()).containsEntry("preferences", 2_616L);
  }

  private PrepareResult prepare(String input) {
    return new PrepareJob(spark, PrepareConfig.DEFAULTS, DataConfig.DEFAULTS)
        .execute(List.of(SHARED_DATA.resolve(input).toString()), "auto", folder.toString());
  }
}
