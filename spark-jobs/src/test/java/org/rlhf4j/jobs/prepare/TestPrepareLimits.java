package org.rlhf4j.jobs.prepare;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.rlhf4j.config.DataConfig;
import org.rlhf4j.config.DataConfig.OverLength;
import org.rlhf4j.config.PrepareConfig;
import org.rlhf4j.data.dataset.Message;
import org.rlhf4j.data.dataset.PreferencePair;
import org.rlhf4j.data.dataset.QuarantinedRow;
import org.rlhf4j.jobs.SparkTests;
import org.rlhf4j.jobs.ToyModels;
import org.rlhf4j.jobs.dataset.Datasets;
import org.rlhf4j.jobs.dataset.Datasets.OutputFormat;

/** The limits of data.max-*-tokens with a tokenizer of single bytes. */
@Tag("spark")
class TestPrepareLimits {
  private static final PrepareConfig LENIENT =
      new PrepareConfig(0.05, 0.05, 0, 1.0, PrepareConfig.NearDuplicates.OFF);
  private static final int PROMPT_TOKENS = 12;
  private static final int RESPONSE_TOKENS = 5;
  private static final SparkSession SPARK = SparkTests.session();

  @TempDir private static Path models;
  private static String tokenizer;

  @TempDir private Path folder;

  @BeforeAll
  static void makeTokenizer() {
    tokenizer = new ToyModels(models).tokenizer();
  }

  @Test
  void longRowsGoToTheQuarantine() throws IOException {
    PrepareResult result =
        prepare(
            OverLength.QUARANTINE,
            pair("short", "abc", "abd"),
            pair("a prompt that is long", "abc", "abd"),
            pair("other", "abc", "abcdef"));
    assertThat(result.kept()).isEqualTo(1);
    assertThat(result.reasons()).isEqualTo(Map.of("too_long", 2L));
    assertThat(read(QuarantinedRow.class))
        .extracting(row -> row.rowNumber() + " " + row.reason() + ": " + row.detail())
        .containsExactlyInAnyOrder(
            "2 too_long: the prompt has 21 tokens, allowed are 12",
            "3 too_long: a response has 6 tokens, allowed are 5");
  }

  @Test
  void leftTruncationKeepsTheEndOfThePromptAndTheBeginningOfResponses() throws IOException {
    PrepareResult result =
        prepare(OverLength.TRUNCATE_LEFT, pair("a prompt that is long", "abcdefg", "xyz"));
    assertThat(result.truncated()).isEqualTo(1);
    PreferencePair row = read(PreferencePair.class).get(0);
    assertThat(row.prompt()).containsExactly(Message.text("that is long"));
    assertThat(row.chosen()).isEqualTo("abcde");
    assertThat(row.rejected()).isEqualTo("xyz");
  }

  @Test
  void rightTruncationKeepsTheBeginningsAndNoHalfCharacter() throws IOException {
    prepare(OverLength.TRUNCATE_RIGHT, pair("a prompt that is long", "abcd\u00e9", "xyz"));
    PreferencePair row = read(PreferencePair.class).get(0);
    assertThat(row.prompt()).containsExactly(Message.text("a prompt tha"));
    assertThat(row.chosen()).isEqualTo("abcd");
  }

  @Test
  void rowsThatTruncationMakesAlikeAreRefused() throws IOException {
    PrepareResult result =
        prepare(
            OverLength.TRUNCATE_RIGHT,
            pair("short", "abc", "abd"),
            pair("p", "abcdefg", "abcdexy"));
    assertThat(result.reasons()).isEqualTo(Map.of("too_long", 1L));
    assertThat(read(QuarantinedRow.class).get(0).detail())
        .isEqualTo("a response has 7 tokens, allowed are 5, and too little is left when it is cut");
  }

  @Test
  void longRepliesOfATreeAreQuarantinedWhereTheyStand() throws IOException {
    PrepareResult result =
        prepare(
            OverLength.QUARANTINE,
            pair("short", "abc", "abd"),
            message("root", null, "prompter", null, "q"),
            message("a", "root", "assistant", 0, "abcdef"),
            message("b", "root", "assistant", 1, "abc"));
    assertThat(result.read()).isEqualTo(4);
    assertThat(result.kept()).isEqualTo(2);
    assertThat(result.reasons()).isEqualTo(Map.of("too_long", 2L));
    assertThat(read(QuarantinedRow.class))
        .extracting(QuarantinedRow::rowNumber)
        .containsExactlyInAnyOrder(3L, 4L);
    assertThat(read(QuarantinedRow.class))
        .allMatch(row -> row.detail().contains("tokens, allowed are"));
  }

  private PrepareResult prepare(OverLength overLength, String... rows) throws IOException {
    Path input = Files.write(folder.resolve("rows.jsonl"), List.of(rows));
    DataConfig data = new DataConfig(PROMPT_TOKENS, RESPONSE_TOKENS, overLength);
    return new PrepareJob(SPARK, LENIENT, data, OutputFormat.PARQUET, Optional.of(tokenizer))
        .execute(List.of(input.toString()), "auto", output());
  }

  private <R extends Record> List<R> read(Class<R> record) {
    return new Datasets(SPARK, OutputFormat.PARQUET).read(output(), record).collect();
  }

  private String output() {
    return folder.resolve("out").toString();
  }

  private static String pair(String prompt, String chosen, String rejected) {
    return "{\"prompt\": \"%s\", \"chosen\": \"%s\", \"rejected\": \"%s\"}"
        .formatted(prompt, chosen, rejected);
  }

  private static String message(String id, String parent, String role, Integer rank, String text) {
    return ("{\"message_id\": \"%s\", \"parent_id\": %s, \"message_tree_id\": \"t\", \"role\":"
            + " \"%s\", \"text\": \"%s\", \"rank\": %s, \"deleted\": false}")
        .formatted(id, parent == null ? "null" : '"' + parent + '"', role, text, rank);
  }
}
