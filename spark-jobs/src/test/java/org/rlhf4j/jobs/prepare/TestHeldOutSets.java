package org.rlhf4j.jobs.prepare;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.rlhf4j.config.DataConfig;
import org.rlhf4j.config.HeldOutConfig;
import org.rlhf4j.config.PrepareConfig;
import org.rlhf4j.config.PrepareConfig.NearDuplicates;
import org.rlhf4j.data.dataset.QuarantinedRow;
import org.rlhf4j.jobs.SparkTests;
import org.rlhf4j.jobs.dataset.Datasets;
import org.rlhf4j.jobs.dataset.Datasets.OutputFormat;

@Tag("spark")
class TestHeldOutSets {
  @TempDir private Path folder;

  private final SparkSession spark = SparkTests.session();

  @Test
  void rowsThatShareARunOfWordsAreQuarantined() throws IOException {
    Path questions =
        write(
            "questions.json",
            "[{\"task\": 7, \"question\": \"How many eggs do the ducks lay in a week?\","
                + " \"choices\": [\"twelve\", {\"text\": \"they lay no eggs in winter at all\"}]}]");
    Path input =
        write(
            "rows.jsonl",
            row("How MANY eggs do the ducks lay in a week, Janet asks", "a", "b"),
            row("p", "As they lay no eggs in winter at all, none.", "b"),
            row("q", "twelve", "the ducks lay in a year how many eggs"),
            "{\"message_id\": \"r\", \"role\": \"prompter\", \"text\": \"Hi\"}",
            message("a", "How many eggs do the ducks lay in", 0),
            message("b", "none", 1));

    PrepareResult result = prepare(List.of(questions.toString()), input);

    assertThat(result.kept()).isEqualTo(2);
    assertThat(result.reasons()).isEqualTo(Map.of("held_out_overlap", 4L));
    assertThat(
            new Datasets(spark, OutputFormat.PARQUET)
                .read(folder.resolve("out").toString(), QuarantinedRow.class)
                .collect())
        .filteredOn(row -> row.rowNumber() == 2)
        .extracting(QuarantinedRow::detail)
        .containsExactly("a held-out set has these words too: they lay no eggs in winter at");
  }

  @Test
  void rowsThatShareNothingAreNotBad() throws IOException {
    Path held = write("held.jsonl", row("one two three four five six", "a b c d e f g h", "i"));
    Path input =
        write(
            "rows.jsonl",
            row("one two three four five six seven", "a", "b"), // holds a short text, is not one
            row("One two three: four five six", "a", "b"),
            row("one two three four five SIX", "a", "b"));

    PrepareResult result = prepare(List.of(held.toString()), input);

    assertThat(result.kept()).isEqualTo(2);
    assertThat(result.reasons()).isEqualTo(Map.of("held_out_overlap", 1L));
    assertThatThrownBy(() -> prepare(List.of(folder + "/absent*"), input))
        .hasMessageContaining("absent* does not exist");
  }

  private PrepareResult prepare(List<String> heldOut, Path input) {
    PrepareConfig config =
        new PrepareConfig(0, 0, 0, 0.0, NearDuplicates.OFF, new HeldOutConfig(heldOut, 7));
    return new PrepareJob(spark, config, DataConfig.DEFAULTS)
        .execute(List.of(input.toString()), "auto", folder.resolve("out").toString());
  }

  private Path write(String name, String... rows) throws IOException {
    return Files.writeString(folder.resolve(name), String.join("\n", rows));
  }

  private static String row(String prompt, String chosen, String rejected) {
    return "{\"prompt\": \"%s\", \"chosen\": \"%s\", \"rejected\": \"%s\"}"
        .formatted(prompt, chosen, rejected);
  }

  private static String message(String id, String text, int rank) {
    return ("{\"message_id\": \"%s\", \"parent_id\": \"r\", \"role\": \"assistant\", \"text\":"
            + " \"%s\", \"rank\": %d}")
        .formatted(id, text, rank);
  }
}
