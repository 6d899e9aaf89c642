package org.rlhf4j.jobs.dataset;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.parquet.hadoop.ParquetFileReader;
import org.apache.parquet.hadoop.metadata.BlockMetaData;
import org.apache.parquet.hadoop.util.HadoopInputFile;
import org.apache.parquet.io.InputFile;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.rlhf4j.data.dataset.FinishReason;
import org.rlhf4j.data.dataset.Message;
import org.rlhf4j.data.dataset.PreferencePair;
import org.rlhf4j.data.dataset.Rollout;
import org.rlhf4j.data.dataset.Score;
import org.rlhf4j.data.dataset.Split;
import org.rlhf4j.jobs.ExitCode;
import org.rlhf4j.jobs.JobException;
import org.rlhf4j.jobs.SparkTests;
import org.rlhf4j.jobs.dataset.Datasets.OutputFormat;

@Tag("spark")
class TestDatasets {
  /** Floats that do not survive a detour over few digits, or over a double. */
  private static final float[] AWKWARD_FLOATS = {
    -0.0f,
    0.1f,
    -1.17549435e-38f,
    Float.MIN_VALUE,
    Float.MAX_VALUE,
    16777217f,
    1.00000006f,
    -7.038531e-26f
  };

  @TempDir private Path folder;

  private final SparkSession spark = SparkTests.session();
  private final JavaSparkContext context = JavaSparkContext.fromSparkContext(spark.sparkContext());

  @ParameterizedTest
  @EnumSource(OutputFormat.class)
  void rowsSurviveToTheLastBit(OutputFormat format) {
    List<Rollout> rollouts = List.of(rollout("a", true), rollout("b", false));
    Datasets datasets = new Datasets(spark, format);

    long rows =
        datasets.publish(path("rollouts"), Rollout.class, rdd(rollouts), "generate", List.of());

    assertThat(rows).isEqualTo(2);
    List<Rollout> read =
        datasets.read(path("rollouts"), Rollout.class).collect().stream()
            .sorted(Comparator.comparing(Rollout::rolloutId))
            .toList();
    assertThat(read)
        .usingRecursiveFieldByFieldElementComparator()
        .containsExactlyElementsOf(rollouts);
    for (int i = 0; i < AWKWARD_FLOATS.length; i++) {
      assertThat(Float.floatToRawIntBits(read.get(0).logprobs()[i]))
          .isEqualTo(Float.floatToRawIntBits(AWKWARD_FLOATS[i]));
    }
  }

  @ParameterizedTest
  @EnumSource(OutputFormat.class)
  void messagesAndEnumsAreStoredAsDocumented(OutputFormat format) {
    Datasets datasets = new Datasets(spark, format);
    datasets.publish(
        path("preferences"), PreferencePair.class, rdd(List.of(pair())), "prepare", List.of());

    Dataset<Row> rows = datasets.readRows(path("preferences"), PreferencePair.class);

    Row row = rows.selectExpr("prompt[1].content", "split", "margin is null", "group_id").head();
    assertThat(row.getString(0)).isEqualTo("Hello \"you\"\nthere");
    assertThat(row.getString(1)).isEqualTo("validation");
    assertThat(row.getBoolean(2)).isTrue();
    assertThat(rows.schema().apply("weight").getComment().get()).startsWith("Weight in the loss");
    assertThat(datasets.read(path("preferences"), PreferencePair.class).first()).isEqualTo(pair());
  }

  /** Of several, the footer's order would differ from JVM to JVM. */
  @Test
  void columnsHaveOneEncodingSoThatFilesRepeatToTheByte() throws IOException {
    Datasets datasets = new Datasets(spark, OutputFormat.PARQUET);
    List<Rollout> rollouts =
        IntStream.range(0, 100).mapToObj(i -> rollout("id " + i % 3, i % 2 == 0)).toList();
    datasets.publish(path("rollouts"), Rollout.class, rdd(rollouts), "generate", List.of());

    String file = datasets.manifest(path("rollouts")).orElseThrow().files().get(0).path();
    InputFile input =
        HadoopInputFile.fromPath(
            new org.apache.hadoop.fs.Path(path("rollouts"), file), context.hadoopConfiguration());
    try (ParquetFileReader reader = ParquetFileReader.open(input)) {
      assertThat(reader.getFooter().getBlocks())
          .isNotEmpty()
          .flatMap(BlockMetaData::getColumns)
          .allSatisfy(column -> assertThat(column.getEncodings()).hasSize(1));
    }
  }

  @Test
  void manifestNamesFilesWithHashAndRows() {
    Datasets datasets = new Datasets(spark, OutputFormat.JSONL);
    datasets.publish(
        path("scores"), Score.class, rdd(scores(7)).repartition(3), "score", List.of("rollouts"));

    Manifest manifest = datasets.manifest(path("scores")).orElseThrow();

    assertThat(manifest.dataset()).isEqualTo("scores");
    assertThat(manifest.rows()).isEqualTo(7);
    assertThat(manifest.inputs()).containsExactly("rollouts");
    assertThat(manifest.files()).allSatisfy(file -> assertThat(file.sha256()).hasSize(64));
    assertThat(manifest.files().stream().mapToLong(Manifest.DataFile::rows).sum()).isEqualTo(7);
  }

  @Test
  void leftoversOfAnUnpublishedAttemptAreReplaced() throws IOException {
    Datasets datasets = new Datasets(spark, OutputFormat.PARQUET);
    datasets.publish(path("scores"), Score.class, rdd(scores(5)), "score", List.of());
    Files.delete(folder.resolve("scores/_manifest.json"));
    Files.writeString(folder.resolve("scores/notes.txt"), "mine");

    assertThatThrownBy(() -> datasets.read(path("scores"), Score.class))
        .isInstanceOf(JobException.class)
        .hasMessageContaining("was never published as dataset scores");
    datasets.publish(path("scores"), Score.class, rdd(scores(3)), "score", List.of());

    assertThat(datasets.read(path("scores"), Score.class).count()).isEqualTo(3);
    assertThat(folder.resolve("scores/notes.txt")).exists();
    assertThat(datasets.manifest(path("scores")).orElseThrow().rows()).isEqualTo(3);
  }

  @Test
  void aDatasetMayBeReplacedByOneMadeFromIt() {
    Datasets datasets = new Datasets(spark, OutputFormat.PARQUET);
    datasets.publish(path("scores"), Score.class, rdd(scores(5)), "score", List.of());
    JavaRDD<Score> kept =
        datasets.read(path("scores"), Score.class).filter(score -> score.rawScore() < 2);

    datasets.publish(path("scores"), Score.class, kept, "filter", List.of());

    assertThat(datasets.read(path("scores"), Score.class).count()).isEqualTo(2);
  }

  @Test
  void aChangedFileIsRefused() throws IOException {
    Datasets datasets = new Datasets(spark, OutputFormat.JSONL);
    datasets.publish(path("scores"), Score.class, rdd(scores(2)).coalesce(1), "score", List.of());
    String name = datasets.manifest(path("scores")).orElseThrow().files().get(0).path();
    Path file = folder.resolve("scores").resolve(name);
    Files.writeString(
        file, Files.readString(file).replace("\"raw_score\":1.0", "\"raw_score\":9.0"));

    assertThatThrownBy(() -> datasets.read(path("scores"), Score.class))
        .isInstanceOfSatisfying(
            JobException.class, e -> assertThat(e.exitCode()).isEqualTo(ExitCode.BAD_INPUT));

    Files.delete(file);
    assertThatThrownBy(() -> datasets.read(path("scores"), Score.class))
        .hasMessageContaining(name)
        .hasMessageContaining("missing or has changed");
  }

  @Test
  void anotherDatasetIsRefused() {
    Datasets datasets = new Datasets(spark, OutputFormat.PARQUET);
    datasets.publish(path("scores"), Score.class, rdd(scores(1)), "score", List.of());

    assertThatThrownBy(() -> datasets.read(path("scores"), Rollout.class))
        .hasMessageContaining("holds the dataset scores, but rollouts is needed");
  }

  @Test
  void missingAndEmptyInputsAreRefused() throws IOException {
    Datasets datasets = new Datasets(spark, OutputFormat.PARQUET);
    Files.writeString(folder.resolve("empty.jsonl"), "");

    assertThatThrownBy(() -> datasets.read(path("nowhere"), Score.class))
        .hasMessageContaining("nowhere does not exist");
    assertThatThrownBy(() -> datasets.read(path("empty.jsonl"), Score.class))
        .hasMessageContaining("empty.jsonl is empty");
  }

  @Test
  void plainLinesWithTheColumnsAreAccepted() throws IOException {
    Files.writeString(
        folder.resolve("pairs.jsonl"),
        """
        {"prompt": "Say hello", "chosen": "Hello", "rejected": "No"}

        {"prompt": [{"role": "user", "content": "Say hello"}], "chosen": "Hi", "rejected": "No", "split": "test", "weight": 2}
        """);

    List<PreferencePair> pairs =
        new Datasets(spark, OutputFormat.PARQUET)
            .read(path("pairs.jsonl"), PreferencePair.class)
            .collect();

    assertThat(pairs.get(0).prompt()).containsExactly(Message.text("Say hello"));
    assertThat(pairs.get(0).split()).isEqualTo(Split.TRAIN);
    assertThat(pairs.get(0).weight()).isEqualTo(1.0);
    assertThat(pairs.get(0).groupId()).isEqualTo(pairs.get(0).pairId()).hasSize(32);
    assertThat(pairs.get(1).split()).isEqualTo(Split.TEST);
    assertThat(pairs.get(1).weight()).isEqualTo(2.0);
  }

  @ParameterizedTest
  @EnumSource(OutputFormat.class)
  void publishedNumbersComeBackWhateverTheyAre(OutputFormat format) {
    Score score = new Score("a", Double.NaN, Double.NEGATIVE_INFINITY, Optional.empty());
    Datasets datasets = new Datasets(spark, format);
    datasets.publish(path("scores"), Score.class, rdd(List.of(score)), "score", List.of());
    assertThat(datasets.read(path("scores"), Score.class).collect()).containsExactly(score);
  }

  @Test
  void numbersByHandAreFinite() throws IOException {
    String row = "{\"rollout_id\": \"%s\", \"score\": %s}\n";
    for (String number : List.of("1e400", "\"NaN\"", "NaN", "\"-Infinity\"")) {
      Files.writeString(
          folder.resolve("hand.jsonl"), row.formatted("a", "1") + row.formatted("b", number));
      assertThat(refusal("hand.jsonl"))
          .contains("Row 2 of")
          .contains("hand.jsonl is no row of the dataset scores: ");
    }
    spark
        .createDataset(List.of(Double.POSITIVE_INFINITY), Encoders.DOUBLE())
        .selectExpr("'a' as rollout_id", "value as score")
        .coalesce(1)
        .write()
        .parquet(path("parquet"));
    try (Stream<Path> files = Files.list(folder.resolve("parquet"))) {
      Path file = files.filter(f -> f.toString().endsWith(".parquet")).findFirst().orElseThrow();
      Files.copy(file, folder.resolve("hand.parquet"));
    }
    assertThat(refusal("hand.parquet"))
        .contains("Row 1 of")
        .contains(
            "hand.parquet is no row of the dataset scores: column raw_score must be a number");
  }

  private String refusal(String file) {
    Datasets datasets = new Datasets(spark, OutputFormat.PARQUET);
    return String.valueOf(
        catchThrowable(() -> datasets.read(path(file), Score.class).collect())
            .getCause()
            .getMessage());
  }

  @Test
  void aPlainRowThatDoesNotFitIsNamed() throws IOException {
    Files.writeString(
        folder.resolve("scores.jsonl"), "{\"rollout_id\": \"a\", \"score\": \"high\"}\n");

    assertThatThrownBy(
            () ->
                new Datasets(spark, OutputFormat.PARQUET)
                    .read(path("scores.jsonl"), Score.class)
                    .collect())
        .cause()
        .isInstanceOf(JobException.class)
        .hasMessageContaining("Row 1 of")
        .hasMessageContaining("column raw_score must be a number");
  }

  private String path(String name) {
    return folder.resolve(name).toString();
  }

  private <T> JavaRDD<T> rdd(List<T> rows) {
    return context.parallelize(rows, 2);
  }

  private static List<Score> scores(int count) {
    return java.util.stream.IntStream.range(0, count)
        .mapToObj(i -> new Score("r" + i, i, i, Optional.empty()))
        .toList();
  }

  private static Rollout rollout(String id, boolean isComplete) {
    return new Rollout(
        id,
        "p",
        "text ☃ 𝄞",
        "response",
        new int[] {1, 2},
        new int[] {Integer.MAX_VALUE},
        AWKWARD_FLOATS,
        isComplete ? Optional.of(AWKWARD_FLOATS) : Optional.empty(),
        Optional.empty(),
        FinishReason.LENGTH,
        Long.MIN_VALUE);
  }

  private static PreferencePair pair() {
    return new PreferencePair(
        "id",
        "id",
        "p",
        Split.VALIDATION,
        "test",
        List.of(new Message("system", "Be kind"), new Message("user", "Hello \"you\"\nthere")),
        "chosen",
        "rejected",
        Optional.empty(),
        1.0 / 6,
        Optional.of("anna"),
        Optional.empty());
  }
}
