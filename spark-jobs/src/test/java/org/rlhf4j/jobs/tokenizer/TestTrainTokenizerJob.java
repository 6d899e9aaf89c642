package org.rlhf4j.jobs.tokenizer;

import static java.util.stream.Collectors.joining;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.rlhf4j.data.dataset.Message;
import org.rlhf4j.data.dataset.Prompt;
import org.rlhf4j.data.dataset.Split;
import org.rlhf4j.jobs.JobException;
import org.rlhf4j.jobs.SparkTests;
import org.rlhf4j.jobs.dataset.Datasets;
import org.rlhf4j.text.Tokenizer;

@Tag("spark")
class TestTrainTokenizerJob {
  private static final Path GOLDEN = Path.of("src/test/resources/golden/tokenizer");

  private final SparkSession spark = SparkTests.session();

  @TempDir Path directory;

  @Test
  void trainsTheReferencesTokenizerFromRawLines() throws IOException {
    String output = directory.resolve("tokenizer").toString();
    TrainTokenizerJob.Result result =
        new TrainTokenizerJob(spark).execute(List.of(corpus().toString()), 400, output);
    assertThat(result.vocabularySize()).isEqualTo(321);
    ObjectMapper json = new ObjectMapper();
    assertThat(json.readTree(Path.of(output, "tokenizer.json").toFile()).at("/model/vocab"))
        .isEqualTo(json.readTree(GOLDEN.resolve("learned.json").toFile()).get("vocab"));
    try (Tokenizer tokenizer = Tokenizer.load(Path.of(output))) {
      for (String text : List.of("", "the cat 你好", "\u0000 \uD83D\uDE00\u200D e\u0301\n\n  x")) {
        assertThat(tokenizer.decode(tokenizer.encode(text))).isEqualTo(text);
      }
      assertThat(tokenizer.encode("a<|endoftext|>")).endsWith(tokenizer.endToken());
    }
  }

  private Path corpus() throws IOException {
    List<String> rows = new ArrayList<>();
    for (String line : Files.readAllLines(GOLDEN.resolve("corpus.txt"))) {
      rows.add(new ObjectMapper().writeValueAsString(Map.of("text", line)));
    }
    return Files.write(directory.resolve("corpus.jsonl"), rows);
  }

  @Test
  void learnsFromTheTrainingSplitOfDatasets() {
    String dataset = directory.resolve("prompts").toString();
    List<Prompt> prompts =
        List.of(prompt(Split.TRAIN, "seen seen seen"), prompt(Split.TEST, "hidden hidden hidden"));
    new Datasets(spark, Datasets.OutputFormat.JSONL)
        .publish(
            dataset,
            Prompt.class,
            JavaSparkContext.fromSparkContext(spark.sparkContext()).parallelize(prompts, 2),
            "test",
            List.of());
    String output = directory.resolve("tokenizer").toString();
    new TrainTokenizerJob(spark).execute(List.of(dataset), 300, output);
    try (Tokenizer tokenizer = Tokenizer.load(Path.of(output))) {
      assertThat(tokenizer.encode(" seen")).hasSize(1);
      assertThat(tokenizer.encode(" hidden")).hasSize(7);
    }
  }

  @Test
  void equallyFrequentWordsAreCutByTheAlphabet() throws IOException {
    String row = "{\"text\": \"%1$s\"}\n{\"text\": \"%1$s\"}\n";
    String rows = Stream.of("dd", "cc", "bb", "aa").map(row::formatted).collect(joining());
    Path corpus = Files.writeString(directory.resolve("corpus.jsonl"), rows);
    String output = directory.resolve("tokenizer").toString();
    TrainTokenizerJob.Result result =
        new TrainTokenizerJob(spark, 2).execute(List.of(corpus.toString()), 300, output);
    assertThat(result.words()).isEqualTo(2);
    try (Tokenizer tokenizer = Tokenizer.load(Path.of(output))) {
      assertThat(tokenizer.encode("aabb")).hasSize(2);
      assertThat(tokenizer.encode("cc")).hasSize(2);
    }
  }

  private static Prompt prompt(Split split, String text) {
    return new Prompt(text, split, "test", List.of(new Message(Message.USER, text)));
  }

  @Test
  void refusesWhatGivesNoTokenizer() throws IOException {
    TrainTokenizerJob job = new TrainTokenizerJob(spark);
    String output = directory.resolve("tokenizer").toString();
    assertThatThrownBy(() -> job.execute(List.of(corpus().toString()), 256, output))
        .isInstanceOf(JobException.class)
        .hasMessageContaining("must be at least 257");
    Path empty = Files.writeString(directory.resolve("other.jsonl"), "{\"number\": 1}\n");
    assertThatThrownBy(() -> job.execute(List.of(empty.toString()), 300, output))
        .isInstanceOf(JobException.class)
        .hasMessageContaining("hold no text");
    assertThat(Path.of(output)).doesNotExist();
  }
}
