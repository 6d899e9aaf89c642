package org.rlhf4j.jobs.prepare;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.rlhf4j.config.DataConfig;
import org.rlhf4j.config.PrepareConfig;
import org.rlhf4j.config.PrepareConfig.NearDuplicates;
import org.rlhf4j.data.dataset.NearDuplicate;
import org.rlhf4j.data.dataset.PreferencePair;
import org.rlhf4j.data.dataset.Split;
import org.rlhf4j.jobs.SparkTests;
import org.rlhf4j.jobs.dataset.Datasets;
import org.rlhf4j.jobs.dataset.Datasets.OutputFormat;

@Tag("spark")
class TestNearDuplicates {
  private static final int WORDS = 100;
  private static final int ONE_SHARD = 100_000;

  @TempDir private Path folder;

  private final SparkSession spark = SparkTests.session();
  private final Random random = new Random(5);

  @Test
  void nearlyEqualPromptsAreOnePrompt() throws IOException {
    String prompt = text();
    String good = text();
    String bad = text();
    List<String> rows =
        List.of(
            pair(prompt, good, bad),
            pair(near(prompt), good, bad), // nearly the same prompt, the same responses
            pair(near(prompt), good, near(bad)), // another response, as far as prompts go
            pair(text(), good, bad)); // another prompt

    assertThat(prepare(NearDuplicates.OFF, rows).kept()).isEqualTo(4);
    PrepareResult prompts = prepare(NearDuplicates.PROMPTS, rows);
    assertThat(prompts.kept()).isEqualTo(3);
    assertThat(prompts.duplicates()).isEqualTo(1);
    assertThat(prompts.nearDuplicates()).isEqualTo(1);
    PrepareResult all = prepare(NearDuplicates.ALL, rows);
    assertThat(all.kept()).isEqualTo(2);
    assertThat(all.nearDuplicates()).isEqualTo(2);
    assertThat(all.datasets()).containsEntry("preferences", 2L);
    assertThat(read(NearDuplicate.class))
        .hasSize(2)
        .allMatch(row -> row.cause().equals("near_duplicate"))
        .allMatch(row -> row.sourceFile().endsWith("rows.jsonl") && row.rowNumber() <= 3)
        .allMatch(row -> row.keptRowNumber() != row.rowNumber());
  }

  @Test
  void nearlyEqualResponsesToOnePromptAreFound() throws IOException {
    String good = text();
    String bad = text();
    List<String> rows =
        List.of(
            pair("p", good, bad),
            pair("p", near(good), near(bad)),
            pair("p", bad, near(good)), // the other way round
            pair("q", good, near(good)), // a choice between like responses says something
            pair("q", near(good), text()),
            "{\"prompt\": \"p\", \"response\": \"%s\", \"rating\": 1}".formatted(good),
            "{\"prompt\": \"p\", \"response\": \"%s\", \"rating\": 1}".formatted(near(good)),
            "{\"prompt\": \"p\", \"response\": \"%s\", \"rating\": 2}".formatted(near(good)),
            "{\"text\": \"%s\"}".formatted(good),
            "{\"text\": \"%s\"}".formatted(near(good)));

    PrepareResult result = prepare(NearDuplicates.ALL, rows);

    assertThat(result.nearDuplicates()).isEqualTo(3);
    assertThat(result.otherSplit()).isZero();
    assertThat(result.datasets())
        .isEqualTo(Map.of("preferences", 4L, "prompts", 2L, "ratings", 2L, "demonstrations", 1L));
  }

  @Test
  void aNearPromptOfAnotherSplitLeavesTheTrainingSide() throws IOException {
    List<String> rows = new ArrayList<>();
    for (int i = 0; i < 40; i++) {
      String prompt = text();
      rows.add(pair(prompt, "a " + i, "b " + i));
      rows.add(pair(near(prompt), "c " + i, "d " + i));
    }

    PrepareConfig halves = new PrepareConfig(0.25, 0.25, 0, 1.0, NearDuplicates.OFF);
    prepare(halves, rows, ONE_SHARD);
    Map<String, Split> splits =
        read(PreferencePair.class).stream()
            .collect(Collectors.toMap(PreferencePair::chosen, PreferencePair::split));
    PrepareConfig near = new PrepareConfig(0.25, 0.25, 0, 1.0, NearDuplicates.PROMPTS);
    PrepareResult result = prepare(near, rows, ONE_SHARD);

    Set<String> expected = new TreeSet<>();
    for (int i = 0; i < 40; i++) {
      Split first = splits.get("a " + i);
      Split second = splits.get("c " + i);
      if (first.compareTo(second) >= 0) {
        expected.add("a " + i);
      }

      if (second.compareTo(first) >= 0) {
        expected.add("c " + i);
      }
    }

    assertThat(expected).hasSizeBetween(41, 79);
    assertThat(chosen()).isEqualTo(expected);
    assertThat(result.otherSplit()).isEqualTo(80 - expected.size());
    assertThat(result.duplicates()).isEqualTo(80 - expected.size());
    assertThat(read(NearDuplicate.class)).allMatch(row -> row.cause().equals("other_split"));
  }

  @Test
  void countsAddUpAndDoNotDependOnPartitions() throws IOException {
    List<String> rows = new ArrayList<>();
    for (int i = 0; i < 60; i++) {
      String prompt = text();
      String good = text();
      String bad = text();
      rows.add(pair(prompt, good, bad));
      rows.add(pair(near(prompt), near(good), near(bad)));
      if (i % 6 == 0) {
        rows.add(pair(prompt, good, bad));
        rows.add("{\"bad\": " + i + "}");
      }
    }

    PrepareConfig config = new PrepareConfig(0, 0, 0, 1.0, NearDuplicates.ALL);
    PrepareResult one = prepare(config, rows, ONE_SHARD);
    Set<String> kept = chosen();

    assertThat(one.kept()).isEqualTo(60);
    assertThat(one.nearDuplicates()).isEqualTo(60);
    assertThat(one.duplicates()).isEqualTo(70);
    assertThat(one.quarantined()).isEqualTo(10);
    assertThat(one.read()).isEqualTo(140);
    for (int shards : List.of(3, 7)) {
      PrepareResult many = prepare(config, rows, (rows.size() + shards - 1) / shards);
      assertThat(many).isEqualTo(one);
      assertThat(chosen()).isEqualTo(kept);
    }
  }

  private PrepareResult prepare(NearDuplicates compared, List<String> rows) throws IOException {
    return prepare(new PrepareConfig(0, 0, 0, 1.0, compared), rows, ONE_SHARD);
  }

  private PrepareResult prepare(PrepareConfig config, List<String> rows, int rowsPerShard)
      throws IOException {
    Path input = Files.writeString(folder.resolve("rows.jsonl"), String.join("\n", rows));
    return new PrepareJob(
            spark,
            config,
            DataConfig.DEFAULTS,
            OutputFormat.PARQUET,
            Optional.empty(),
            rowsPerShard)
        .execute(List.of(input.toString()), "auto", folder.resolve("out").toString());
  }

  private Set<String> chosen() {
    return read(PreferencePair.class).stream()
        .map(PreferencePair::chosen)
        .collect(Collectors.toCollection(TreeSet::new));
  }

  private <R extends Record> List<R> read(Class<R> record) {
    return new Datasets(spark, OutputFormat.PARQUET)
        .read(folder.resolve("out").toString(), record)
        .collect();
  }

  private String text() {
    List<String> words = new ArrayList<>();
    for (int i = 0; i < WORDS; i++) {
      words.add("w" + random.nextInt(5_000));
    }

    return String.join(" ", words);
  }

  /** The text with another word at its end or in its middle: a Jaccard index of 0.94 to 0.98. */
  private String near(String text) {
    String[] words = text.split(" ");
    words[random.nextBoolean() ? WORDS - 1 : WORDS / 2] = "x" + random.nextInt(1_000_000);
    return String.join(" ", words);
  }

  private static String pair(String prompt, String chosen, String rejected) {
    return "{\"prompt\": \"%s\", \"chosen\": \"%s\", \"rejected\": \"%s\"}"
        .formatted(prompt, chosen, rejected);
  }
}
