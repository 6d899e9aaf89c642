package org.rlhf4j.jobs.prepare;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.github.luben.zstd.Zstd;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.zip.GZIPOutputStream;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.rlhf4j.config.DataConfig;
import org.rlhf4j.config.PrepareConfig;
import org.rlhf4j.data.dataset.PreferencePair;
import org.rlhf4j.data.dataset.QuarantinedRow;
import org.rlhf4j.jobs.ExitCode;
import org.rlhf4j.jobs.Failure;
import org.rlhf4j.jobs.JobException;
import org.rlhf4j.jobs.SparkTests;
import org.rlhf4j.jobs.dataset.Datasets;
import org.rlhf4j.jobs.dataset.Datasets.OutputFormat;

/** Files and folders that raw rows come in. */
@Tag("spark")
class TestPrepareInputs {
  private static final PrepareConfig LENIENT =
      new PrepareConfig(0.05, 0.05, 0, 1.0, PrepareConfig.NearDuplicates.OFF);

  @TempDir private Path folder;

  private final SparkSession spark = SparkTests.session();
  private final Datasets datasets = new Datasets(spark, OutputFormat.PARQUET);

  @Test
  void everyKindOfFileIsRead() throws IOException {
    byte[] lines = (pair("gz", "a", "b", null) + "\n" + pair("gz", "a", "c", null)).getBytes(UTF_8);
    ByteArrayOutputStream twoMembers = new ByteArrayOutputStream();
    for (String member : new String(lines, UTF_8).split("(?<=\n)")) {
      try (GZIPOutputStream gzip = new GZIPOutputStream(twoMembers)) {
        gzip.write(member.getBytes(UTF_8));
      }
    }

    Files.createDirectories(folder.resolve("in"));
    Files.write(folder.resolve("in/a.jsonl.gz"), twoMembers.toByteArray());
    Files.write(
        folder.resolve("in/b.jsonl.zst"),
        Zstd.compress(pair("zst", "a", "b", null).getBytes(UTF_8)));
    Files.writeString(
        folder.resolve("in/c.json"),
        "[\n " + pair("array", "a", "]\\\"[", null) + ",\n{\"prompt\": 1},\n " + "{]}\n]");
    spark
        .read()
        .json(
            spark.createDataset(
                List.of(pair("parquet", "a", "b", null), pair("parquet", "c", "d", "x")),
                Encoders.STRING()))
        .coalesce(1)
        .write()
        .parquet(folder.resolve("in/d").toString());

    PrepareResult result = prepare(LENIENT, folder.resolve("in"));

    assertThat(result.files())
        .extracting(PrepareResult.FileCounts::read)
        .containsExactly(2L, 1L, 3L, 2L);
    assertThat(read(PreferencePair.class))
        .extracting(pair -> pair.prompt().get(0).content())
        .containsExactlyInAnyOrder("gz", "gz", "zst", "array", "parquet", "parquet");
    assertThat(read(QuarantinedRow.class))
        .extracting(row -> row.rowNumber() + " " + row.reason() + " " + row.raw())
        .containsExactlyInAnyOrder("2 wrong_type {\"prompt\": 1}", "3 malformed_json {]}");
  }

  @Test
  void whatLiesBesideDataInAFolderIsNamedInTheSummary() throws IOException {
    Files.createDirectories(folder.resolve("in/docs"));
    write("in/rows.jsonl", List.of(pair("p", "a", "b", null)));
    write("in/part-00000", List.of(pair("p", "a", "c", null)));
    Path licence = write("in/LICENSE", List.of("Do what you like."));
    Path notes = write("in/docs/README.md", List.of("# Rows", "of pairs"));

    PrepareResult result = prepare(PrepareConfig.DEFAULTS, folder.resolve("in"));

    assertThat(result.read()).isEqualTo(2);
    assertThat(result.kept()).isEqualTo(2);
    JsonNode summary = new ObjectMapper().readTree(folder.resolve("out/summary.json").toFile());
    assertThat(summary.path("left_out_files"))
        .extracting(JsonNode::asText)
        .containsExactly(licence.toString(), notes.toString());
  }

  @Test
  void whatWouldBeReplacedIsNoInput() throws IOException {
    prepare(LENIENT, write("rows.jsonl", List.of(pair("p", "a", "b", null))));
    Path link = Files.createSymbolicLink(folder.resolve("link"), folder.resolve("out"));

    for (Path input : List.of(folder.resolve("out"), link.resolve("preferences"))) {
      assertThatThrownBy(() -> prepare(LENIENT, input))
          .isInstanceOfSatisfying(
              JobException.class, e -> assertThat(e.exitCode()).isEqualTo(ExitCode.BAD_INPUT))
          .hasMessageContaining("which this command replaces; give another --output");
    }

    assertThat(read(PreferencePair.class)).hasSize(1);
  }

  @Test
  void damagedParquetIsBadInput() throws IOException {
    Path damaged = Files.writeString(folder.resolve("x[1].parquet"), "PAR1" + "x".repeat(100));

    Throwable thrown = catchThrowable(() -> prepare(LENIENT, damaged));

    Failure failure = Failure.of(thrown);
    assertThat(failure.exitCode()).isEqualTo(ExitCode.BAD_INPUT.code());
    assertThat(failure.sentence())
        .startsWith("Cannot read " + damaged)
        .endsWith("check that the file is whole.");
  }

  private PrepareResult prepare(PrepareConfig config, Path input) {
    return new PrepareJob(spark, config, DataConfig.DEFAULTS)
        .execute(List.of(input.toString()), "auto", output());
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
}
