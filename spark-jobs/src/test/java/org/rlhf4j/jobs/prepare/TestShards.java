package org.rlhf4j.jobs.prepare;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.LongSummaryStatistics;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.rlhf4j.config.DataConfig;
import org.rlhf4j.config.HeldOutConfig;
import org.rlhf4j.config.PrepareConfig;
import org.rlhf4j.config.PrepareConfig.NearDuplicates;
import org.rlhf4j.data.dataset.PreferencePair;
import org.rlhf4j.data.dataset.Prompt;
import org.rlhf4j.jobs.SparkTests;
import org.rlhf4j.jobs.ToyModels;
import org.rlhf4j.jobs.dataset.Datasets;
import org.rlhf4j.jobs.dataset.Datasets.OutputFormat;
import org.rlhf4j.jobs.dataset.Manifest.DataFile;

/** The files that prepare writes: equally long, and the same from whatever it reads. */
@Tag("spark")
class TestShards {
  private static final int SHARDS = 8;
  private static final double LARGEST_IMBALANCE = 1.02;
  private static final int ROWS_PER_SHARD = 20_000;

  @TempDir private Path folder;

  private final SparkSession spark = SparkTests.session();

  @Test
  void filesAreEquallyLongInTokens() throws IOException {
    String tokenizer = new ToyModels(folder).tokenizer(); // of single bytes
    Path input = write("rows.jsonl", rowsOfManyLengths());
    prepare(spark, shards(SHARDS, 0), Optional.of(tokenizer), input.toString());

    List<DataFile> files = files("preferences");
    LongSummaryStatistics tokens = files.stream().mapToLong(DataFile::tokens).summaryStatistics();
    assertThat(files).hasSize(SHARDS);
    assertThat((double) tokens.getMax()).isLessThan(LARGEST_IMBALANCE * tokens.getMin());
    assertThat(tokens.getSum())
        .isEqualTo(read(PreferencePair.class).stream().mapToLong(TestShards::bytes).sum());

    for (DataFile file : files("prompts")) {
      String path = output() + "/prompts/" + file.path();
      List<Prompt> prompts = datasets().read(path, Prompt.class).collect();
      assertThat(file.tokens()).isEqualTo(prompts.stream().mapToLong(TestShards::bytes).sum());
    }
  }

  @Test
  void withoutATokenizerFilesAreEquallyLongInCharacters() throws IOException {
    prepare(shards(SHARDS, 0), write("rows.jsonl", rowsOfManyLengths()).toString());

    Map<String, Long> characters = new HashMap<>();
    Map<String, Set<String>> filesOfPrompt = new HashMap<>();
    for (DataFile file : files("preferences")) {
      assertThat(file.tokens()).isNull();
      String path = output() + "/preferences/" + file.path();
      for (PreferencePair pair : datasets().read(path, PreferencePair.class).collect()) {
        characters.merge(file.path(), bytes(pair), Long::sum);
        filesOfPrompt.computeIfAbsent(pair.promptId(), id -> new HashSet<>()).add(file.path());
      }
    }

    LongSummaryStatistics lengths =
        characters.values().stream().mapToLong(Long::longValue).summaryStatistics();
    assertThat(lengths.getCount()).isEqualTo(SHARDS);
    assertThat((double) lengths.getMax()).isLessThan(LARGEST_IMBALANCE * lengths.getMin());
    assertThat(filesOfPrompt.values()).allMatch(paths -> paths.size() == 1);
  }

  @Test
  void theSeedPlacesTheRows() throws IOException {
    String input = write("rows.jsonl", rowsOfManyLengths()).toString();
    prepare(shards(SHARDS, 0), input);
    Set<Set<String>> idsByFile = idsByFile();
    Set<String> ids = ids();
    prepare(shards(SHARDS, 1), input);

    assertThat(idsByFile()).doesNotContainAnyElementsOf(idsByFile);
    assertThat(ids()).isEqualTo(ids);
  }

  @Test
  void neitherFilesNorPartitionsChangeTheOutput() throws IOException {
    List<String> rows = manyRows();
    PrepareConfig config = shards(3, 0, NearDuplicates.ALL);
    PrepareResult one = prepare(config, write("whole.jsonl", rows).toString());
    Set<String> hashes = hashes();
    Set<PreferencePair> pairs = new HashSet<>(read(PreferencePair.class));
    Set<Prompt> prompts = new HashSet<>(read(Prompt.class));

    for (int parts : List.of(1, 7, 64)) {
      for (int i = 0; i < parts; i++) {
        int part = i;
        List<String> slice =
            IntStream.range(0, rows.size())
                .filter(row -> row % parts == part)
                .mapToObj(rows::get)
                .toList();
        write("parts" + parts + "-" + i + ".jsonl", slice);
      }

      SparkSession session = spark.newSession();
      session.conf().set("spark.sql.shuffle.partitions", parts);
      String glob = folder.resolve("parts" + parts + "-*.jsonl").toString();
      PrepareResult many = prepare(session, config, Optional.empty(), glob);
      assertThat(hashes()).isEqualTo(hashes);
      assertThat(many.kept()).isEqualTo(one.kept());
      assertThat(many.duplicates()).isEqualTo(one.duplicates());
      assertThat(many.read()).isEqualTo(many.kept() + many.quarantined() + many.duplicates());
    }

    prepare(shards(5, 0, NearDuplicates.ALL), folder.resolve("whole.jsonl").toString());
    assertThat(new HashSet<>(read(PreferencePair.class))).isEqualTo(pairs);
    assertThat(new HashSet<>(read(Prompt.class))).isEqualTo(prompts);
  }

  private static PrepareConfig shards(int shards, long seed) {
    return shards(shards, seed, NearDuplicates.OFF);
  }

  private static PrepareConfig shards(int shards, long seed, NearDuplicates compared) {
    return new PrepareConfig(
        0.05, 0.05, seed, 1.0, compared, List.of(), shards, HeldOutConfig.DEFAULTS);
  }

  /** Lengths from 1 to 1000, a few prompts with several rows. */
  private static List<String> rowsOfManyLengths() {
    return IntStream.range(0, 900)
        .mapToObj(
            i -> pair("prompt " + i % 500, "a".repeat(1000 / (1 + i % 97)), "b".repeat(i % 37 + 1)))
        .toList();
  }

  /** Pairs with duplicates that differ in what does not count, contradictions and bad rows. */
  private static List<String> manyRows() {
    List<String> rows = new ArrayList<>();
    for (int i = 0; i < 200; i++) {
      String prompt = "prompt " + i % 70;
      rows.add(pair(prompt, "good " + i % 90, "bad " + i % 3));
      if (i % 5 == 0) {
        rows.add(
            "{\"prompt\": \"%s\", \"chosen\": \"good %d\", \"rejected\": \"bad  %d\", \"weight\":"
                    .formatted(prompt, i % 90, i % 3)
                + " 0.5}");
      }

      if (i % 50 == 0) {
        rows.add(pair(prompt, "bad " + i % 3, "good " + i % 90));
        rows.add("{\"bad\": " + i + "}");
      }
    }

    return rows;
  }

  private static String pair(String prompt, String chosen, String rejected) {
    return "{\"prompt\": \"%s\", \"chosen\": \"%s\", \"rejected\": \"%s\"}"
        .formatted(prompt, chosen, rejected);
  }

  /** Of both responses, each with its prompt; all texts are ASCII. */
  private static long bytes(PreferencePair pair) {
    long prompt = pair.prompt().get(0).content().length();
    return 2 * prompt + pair.chosen().length() + pair.rejected().length();
  }

  private static long bytes(Prompt prompt) {
    return prompt.prompt().get(0).content().length();
  }

  private PrepareResult prepare(PrepareConfig config, String input) {
    return prepare(spark, config, Optional.empty(), input);
  }

  private PrepareResult prepare(
      SparkSession session, PrepareConfig config, Optional<String> tokenizer, String input) {
    return new PrepareJob(
            session, config, DataConfig.DEFAULTS, OutputFormat.PARQUET, tokenizer, ROWS_PER_SHARD)
        .execute(List.of(input), "auto", output());
  }

  private Set<String> hashes() {
    return Arrays.asList("preferences", "prompts").stream()
        .flatMap(name -> files(name).stream())
        .map(DataFile::sha256)
        .collect(Collectors.toSet());
  }

  private Set<Set<String>> idsByFile() {
    return files("preferences").stream()
        .map(file -> output() + "/preferences/" + file.path())
        .map(path -> datasets().read(path, PreferencePair.class).collect())
        .map(pairs -> pairs.stream().map(PreferencePair::pairId).collect(Collectors.toSet()))
        .collect(Collectors.toSet());
  }

  private Set<String> ids() {
    return read(PreferencePair.class).stream()
        .map(PreferencePair::pairId)
        .collect(Collectors.toSet());
  }

  private List<DataFile> files(String dataset) {
    return datasets().manifest(output() + "/" + dataset).orElseThrow().files();
  }

  private <R extends Record> List<R> read(Class<R> record) {
    return datasets().read(output(), record).collect();
  }

  private Datasets datasets() {
    return new Datasets(spark, OutputFormat.PARQUET);
  }

  private String output() {
    return folder.resolve("out").toString();
  }

  private Path write(String name, List<String> rows) throws IOException {
    return Files.writeString(folder.resolve(name), String.join("\n", rows) + "\n");
  }
}
