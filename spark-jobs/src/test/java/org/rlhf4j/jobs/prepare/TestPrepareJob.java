package org.rlhf4j.jobs.prepare;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.rlhf4j.config.DataConfig;
import org.rlhf4j.config.PrepareConfig;
import org.rlhf4j.data.dataset.Demonstration;
import org.rlhf4j.data.dataset.PreferencePair;
import org.rlhf4j.data.dataset.QuarantinedRow;
import org.rlhf4j.data.dataset.Rating;
import org.rlhf4j.jobs.ExitCode;
import org.rlhf4j.jobs.JobException;
import org.rlhf4j.jobs.SparkTests;
import org.rlhf4j.jobs.dataset.Datasets;
import org.rlhf4j.jobs.dataset.Datasets.OutputFormat;

@Tag("spark")
class TestPrepareJob {
  private static final PrepareConfig LENIENT =
      new PrepareConfig(0.05, 0.05, 0, 1.0, PrepareConfig.NearDuplicates.OFF);
  private static final int ONE_SHARD = 10_000;

  @TempDir private Path folder;

  private final SparkSession spark = SparkTests.session();
  private final Datasets datasets = new Datasets(spark, OutputFormat.PARQUET);

  @Test
  void everyRowIsKeptQuarantinedOrADuplicate() throws IOException {
    List<String> rows =
        List.of(
            pair("p", "a", "b", null), // kept
            pair("p ", "a", " b", null), // duplicate: white space does not count
            pair("p", "a", "b", "anna"), // kept: another annotator says the same
            pair("p", "b", "a", "ben"), // kept: annotators may disagree
            pair("q", "a", "b", "anna"), // contradictory
            pair("q", "b", "a", "anna"), // contradictory
            pair("q", "b", "a", "anna"), // duplicate
            pair("q", "c", "b", "anna"), // kept
            "{\"prompt\": \"p\", \"chosen\": \"a\"",
            "",
            "{\"prompt\": \"p\", \"chosen\": \"a\"}",
            "{\"prompt\": \"r\", \"responses\": [\"a\", \"b\", \"c\"], \"ranks\": [1, 2, 2]}",
            "{\"prompt\": \"r\", \"responses\": [\"a\", \"b\"], \"ranks\": [1, 1]}",
            "{\"prompt\": \"r\", \"response\": \"a\", \"rating\": 4}",
            "{\"prompt\": \"r\", \"completion\": \"a\", \"label\": false}",
            "{\"prompt\": \"s\", \"completion\": \"a\"}");

    PrepareResult result = prepare(LENIENT, write("rows.jsonl", rows));

    assertThat(result.read()).isEqualTo(15);
    assertThat(result.kept()).isEqualTo(8);
    assertThat(result.duplicates()).isEqualTo(2);
    assertThat(result.quarantined()).isEqualTo(5);
    assertThat(result.reasons())
        .isEqualTo(
            Map.of("contradictory_pair", 2L, "malformed_json", 1L, "missing_field", 1L, "tie", 1L));
    assertThat(result.datasets())
        .isEqualTo(Map.of("demonstrations", 1L, "preferences", 6L, "prompts", 3L, "ratings", 2L));
    List<PreferencePair> ofRanking =
        read(PreferencePair.class).stream().filter(pair -> pair.weight() < 1).toList();
    assertThat(ofRanking).hasSize(2).allMatch(pair -> pair.chosen().equals("a"));
    assertThat(read(Rating.class)).extracting(Rating::rating).containsExactlyInAnyOrder(4.0, 0.0);
    assertThat(read(Demonstration.class)).hasSize(1);
  }

  @Test
  void preferencesOfOneAnnotatorThatRunInACircleGo() throws IOException {
    List<String> rows =
        List.of(
            pair("p", "a", "b", "anna"),
            pair("p", "b", "c", "anna"),
            "{\"prompt\": \"p\", \"responses\": [\"c\", \"a\", \"d\"], \"ranks\": [0, 1, 2],"
                + " \"annotator\": \"anna\"}",
            pair("p", "a", "d", "anna"), // leads out of the circle
            pair("p", "c", "a", "ben"),
            pair("q", "c", "a", "anna"));

    PrepareResult result = prepare(LENIENT, write("rows.jsonl", rows));

    assertThat(result.reasons()).isEqualTo(Map.of("preference_cycle", 3L));
    assertThat(result.kept()).isEqualTo(3);
  }

  /** More rows than are held in memory; those that contradict each other stand far apart. */
  @Test
  void allRowsMayHaveOnePrompt() throws IOException {
    List<String> rows = new ArrayList<>();
    for (int i = 0; i < 9_000; i++) {
      rows.add(pair("p", "a" + i, "b" + i, i % 2 == 0 ? null : "anna"));
    }

    for (int i = 0; i < 9_000; i += 1_000) {
      rows.add(pair("p", "b" + i, "a" + i, null));
      rows.add(pair("p", " a" + (i + 1), "b" + (i + 1), "anna"));
    }

    PrepareResult result = prepare(LENIENT, write("rows.jsonl", rows));

    assertThat(result.reasons()).isEqualTo(Map.of("contradictory_pair", 18L));
    assertThat(result.duplicates()).isEqualTo(9);
    assertThat(result.datasets()).isEqualTo(Map.of("preferences", 8_991L, "prompts", 1L));
  }

  /** One row of each kind of mess, as bytes: the counts are those planted. */
  @Test
  void plantedFaultsAreCounted() throws IOException {
    List<String> rows =
        List.of(
            pair("p", "a", "b", null) + "\r",
            "\r",
            pair("p", "a", "a\\ud800", null),
            "[".repeat(100_000),
            "{\"prompt\": \"p\", \"chosen\": " + "[".repeat(100_000),
            pair("word ".repeat(2_000_000), "a", "b", null),
            "{\"prompt\": \"p\", \"response\": \"r\", \"rating\": \"5\"}",
            pair("p", "a", " ", null),
            pair("p", "a", "a ", null),
            pair("q", "a", "b", "anna"),
            pair("q", "b", "a", "anna"),
            "{\"chosen\": \"\\n\\nHuman: a\\n\\nAssistant: x\", \"rejected\":"
                + " \"\\n\\nHuman: b\\n\\nAssistant: y\"}",
            pair("r", "a", "b", null),
            pair("r", "b", "c", null),
            pair("r", "c", "a", null));
    Path file = write("rows.jsonl", rows);
    byte[] bytes = ("\uFEFF" + Files.readString(file)).getBytes(UTF_8);
    bytes[bytes.length - 4] = (byte) 0xff; // in the last row

    PrepareResult result = prepare(LENIENT, Files.write(file, bytes));

    assertThat(result.read()).isEqualTo(14);
    assertThat(result.kept()).isEqualTo(4);
    assertThat(result.reasons())
        .isEqualTo(
            Map.of(
                "invalid_utf8", 2L,
                "malformed_json", 2L,
                "wrong_type", 1L,
                "empty_response", 1L,
                "identical_responses", 1L,
                "contradictory_pair", 2L,
                "prompt_mismatch", 1L));
    assertThat(read(QuarantinedRow.class)).hasSize(10);
    assertThat(read(PreferencePair.class))
        .anyMatch(pair -> pair.prompt().get(0).content().length() == 10_000_000);
  }

  @Test
  void theQuarantineSaysWhereAndWhy() throws IOException {
    Path file = folder.resolve("rows.jsonl");
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    bytes.write(new byte[] {(byte) 0xef, (byte) 0xbb, (byte) 0xbf});
    bytes.writeBytes((pair("p", "a", "b", null) + "\r\n\r\n").getBytes(StandardCharsets.UTF_8));
    bytes.writeBytes("{\"prompt\": \"x\u00e9\"}".getBytes(StandardCharsets.ISO_8859_1));
    Files.write(file, bytes.toByteArray());

    PrepareResult result = prepare(LENIENT, file);

    assertThat(result.kept()).isEqualTo(1);
    QuarantinedRow refused = read(QuarantinedRow.class).get(0);
    assertThat(refused.sourceFile()).isEqualTo(file.toString());
    assertThat(refused.rowNumber()).isEqualTo(3);
    assertThat(refused.reason()).isEqualTo("invalid_utf8");
    assertThat(refused.raw()).isEqualTo("{\"prompt\": \"x\u00e9\"}");
  }

  @Test
  void tooManyBadRowsFailAndLeaveTheQuarantine() throws IOException {
    Path good = write("rows.jsonl", List.of(pair("p", "a", "b", null)));
    prepare(LENIENT, good);
    Path bad = write("rows.jsonl", List.of(pair("p", "a", "b", null), "{}", "[]"));

    assertThatThrownBy(() -> prepare(PrepareConfig.DEFAULTS, bad))
        .isInstanceOfSatisfying(
            JobException.class, e -> assertThat(e.exitCode()).isEqualTo(ExitCode.BAD_INPUT))
        .hasMessageContaining("66.7 % of the 3 rows are bad")
        .hasMessageContaining("prepare.max-bad-share = 0.05");

    assertThat(read(QuarantinedRow.class)).hasSize(2);
    assertThat(datasets.isPublished(output() + "/preferences")).isFalse();
    JsonNode summary = new ObjectMapper().readTree(folder.resolve("out/summary.json").toFile());
    assertThat(summary.path("quarantined").asLong()).isEqualTo(2);
  }

  @Test
  void tiesAreNotBadRows() throws IOException {
    String tie = "{\"prompt\": \"r\", \"responses\": [\"a\", \"b\"], \"ranks\": [1, 1]}";

    PrepareResult result =
        prepare(
            PrepareConfig.DEFAULTS, write("rows.jsonl", List.of(tie, pair("p", "a", "b", null))));

    assertThat(result.kept()).isEqualTo(1);
    assertThat(result.reasons()).isEqualTo(Map.of("tie", 1L));
  }

  @Test
  void unlabelledAndOppositeRatingsGoAndEmptyFilesAreListed() throws IOException {
    Files.createDirectories(folder.resolve("in"));
    Files.createFile(folder.resolve("in/empty.jsonl"));
    write(
        "in/labels.jsonl",
        List.of(
            label("p", "a", true, "anna"),
            label("p", "a", false, "anna"), // contradictory
            label("p", "a", false, "ben"), // disagreement
            label("p", "b", false, "anna")));
    spark
        .read()
        .json(
            spark.createDataset(
                List.of(
                    "{\"prompt\": \"p\", \"response\": \"r\", \"rating\": 3}",
                    "{\"prompt\": \"p\", \"response\": \"s\"}"), // unlabelled: its rating is null
                org.apache.spark.sql.Encoders.STRING()))
        .coalesce(1)
        .write()
        .parquet(folder.resolve("in/ratings").toString());

    PrepareResult result = prepare(LENIENT, folder.resolve("in"));

    assertThat(result.files())
        .extracting(PrepareResult.FileCounts::read)
        .containsExactly(0L, 4L, 2L);
    assertThat(result.reasons()).isEqualTo(Map.of("contradictory_pair", 2L, "missing_field", 1L));
    assertThat(result.datasets()).isEqualTo(Map.of("ratings", 3L));
    assertThat(read(QuarantinedRow.class))
        .filteredOn(row -> row.reason().equals("contradictory_pair"))
        .extracting(QuarantinedRow::detail)
        .containsOnly("another row says the opposite of the same response");
  }

  @Test
  void treesThatRankNothingAreNoData() throws IOException {
    Path input =
        write(
            "oasst.jsonl",
            List.of(message("root", null, "prompter", null), message("a", "root", "assistant", 0)));

    assertThatThrownBy(() -> prepare(LENIENT, input))
        .isInstanceOf(JobException.class)
        .hasMessageContaining("None of the 2 rows can be used")
        .hasMessageContaining("the 2 kept are messages of trees without ranked replies");
  }

  @Test
  void messagesOfATreeMayLieInSeveralFiles() throws IOException {
    Path first =
        write(
            "oasst-1.jsonl",
            List.of(
                message("b", "root", "assistant", 1), message("other", "gone", "assistant", 0)));
    Path second =
        write(
            "oasst-2.jsonl",
            List.of(
                message("a", "root", "assistant", 0),
                message("root", null, "prompter", null),
                pair("p", "a", "b", null)));

    PrepareResult result =
        prepare(LENIENT, ONE_SHARD, List.of(first.toString(), second.toString()));

    assertThat(result.read()).isEqualTo(5);
    assertThat(result.reasons()).isEqualTo(Map.of("orphan", 1L));
    assertThat(result.datasets()).containsEntry("preferences", 2L);
    assertThat(read(PreferencePair.class)).extracting(PreferencePair::chosen).contains("text of a");
  }

  @Test
  void badOptionsAreNamed() throws IOException {
    Path input = write("rows.jsonl", List.of(pair("p", "a", "b", null)));
    PrepareJob job = new PrepareJob(spark, LENIENT, DataConfig.DEFAULTS);

    assertThatThrownBy(() -> job.execute(List.of(input.toString()), "csv", output()))
        .hasMessageContaining("There is no raw format csv; use auto or one of preference, hh-rlhf");
    assertThatThrownBy(() -> job.execute(List.of(folder + "/nothing*"), "auto", output()))
        .hasMessageContaining("does not exist");
    Path useless = write("useless.jsonl", List.of("{}"));
    assertThatThrownBy(() -> prepare(LENIENT, useless))
        .hasMessageContaining("None of the 1 rows can be used");
  }

  private static final java.nio.charset.Charset UTF_8 = StandardCharsets.UTF_8;

  private PrepareResult prepare(PrepareConfig config, Path input) {
    return prepare(config, ONE_SHARD, List.of(input.toString()));
  }

  private PrepareResult prepare(PrepareConfig config, int rowsPerShard, List<String> inputs) {
    return new PrepareJob(
            spark,
            config,
            DataConfig.DEFAULTS,
            OutputFormat.PARQUET,
            Optional.empty(),
            rowsPerShard)
        .execute(inputs, "auto", output());
  }

  private <R extends Record> List<R> read(Class<R> record) {
    return datasets.read(output(), record).collect();
  }

  private String output() {
    return folder.resolve("out").toString();
  }

  private Path write(String name, List<String> rows) throws IOException {
    return Files.writeString(folder.resolve(name), String.join("\n", rows) + "\n");
  }

  private static String pair(String prompt, String chosen, String rejected, String annotator) {
    String by = annotator == null ? "" : ", \"annotator\": \"" + annotator + "\"";
    return "{\"prompt\": \"%s\", \"chosen\": \"%s\", \"rejected\": \"%s\"%s}"
        .formatted(prompt, chosen, rejected, by);
  }

  private static String label(String prompt, String completion, boolean label, String annotator) {
    return "{\"prompt\": \"%s\", \"completion\": \"%s\", \"label\": %s, \"annotator\": \"%s\"}"
        .formatted(prompt, completion, label, annotator);
  }

  private static String message(String id, String parent, String role, Integer rank) {
    return ("{\"message_id\": \"%s\", \"parent_id\": %s, \"message_tree_id\": \"t\", \"role\":"
            + " \"%s\", \"text\": \"text of %s\", \"rank\": %s, \"deleted\": false}")
        .formatted(id, parent == null ? "null" : '"' + parent + '"', role, id, rank);
  }
}
