package org.rlhf4j.jobs.train;

import static org.assertj.core.api.Assertions.as;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.assertj.core.api.InstanceOfAssertFactories.STRING;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.rlhf4j.config.ConfigException;
import org.rlhf4j.config.DataConfig;
import org.rlhf4j.config.LoraConfig;
import org.rlhf4j.config.ModelConfig;
import org.rlhf4j.config.OptimizerConfig;
import org.rlhf4j.config.OptimizerConfig.Schedule;
import org.rlhf4j.config.OptimizerConfig.Updater;
import org.rlhf4j.config.RewardConfig;
import org.rlhf4j.config.RewardConfig.Normalize;
import org.rlhf4j.config.RewardConfig.Objective;
import org.rlhf4j.config.ScoreConfig;
import org.rlhf4j.config.TrainerConfig;
import org.rlhf4j.data.dataset.Demonstration;
import org.rlhf4j.data.dataset.FinishReason;
import org.rlhf4j.data.dataset.Message;
import org.rlhf4j.data.dataset.PreferencePair;
import org.rlhf4j.data.dataset.Score;
import org.rlhf4j.data.dataset.Split;
import org.rlhf4j.hub.ModelDirectory;
import org.rlhf4j.hub.ScoreNormalization;
import org.rlhf4j.jobs.SparkTests;
import org.rlhf4j.jobs.ToyModels;
import org.rlhf4j.jobs.Warnings;
import org.rlhf4j.jobs.dataset.Datasets;
import org.rlhf4j.jobs.dataset.Datasets.OutputFormat;
import org.rlhf4j.jobs.model.InitJob;
import org.rlhf4j.jobs.rollout.CutTexts;
import org.rlhf4j.jobs.rollout.ResponseScorer;
import org.rlhf4j.jobs.rollout.ScoreRequest;
import org.rlhf4j.rlhf.Moments;

@Tag("spark")
class TestNormalizeScores {
  private static final double FLOAT_SUMS = 1e-5;
  private static final SparkSession SPARK = SparkTests.session();
  private static final JavaSparkContext CONTEXT =
      JavaSparkContext.fromSparkContext(SPARK.sparkContext());
  private static final Datasets DATASETS = new Datasets(SPARK, OutputFormat.PARQUET);
  private static final OptimizerConfig OPTIMIZER =
      new OptimizerConfig(1, 2, 16, 0.02, Schedule.CONSTANT, 0, Updater.ADAM, 1e-8, 0.0, 1.0);

  private static final LoraConfig ADAPTERS = new LoraConfig(2, 4, List.of("auto"));

  @TempDir private static Path shared;
  private static ToyModels models;

  @TempDir private Path directory;

  @BeforeAll
  static void makeModels() {
    models = new ToyModels(shared);
  }

  @Test
  void chosenResponsesHaveMeanZeroAndVarianceOneOnAnyPartitions() throws IOException {
    RewardConfig config = RewardConfig.DEFAULTS.withNormalized(Normalize.MEAN_AND_VARIANCE, "");
    RewardJob.Result result = job(config).execute(models.reward(), pairs(1), output("one"));
    assertThat(result.reference().get("reference/mean")).isNotCloseTo(0, within(0.01));
    Moments moments = moments(result.output(), "chosen ");
    assertThat(moments.mean()).isCloseTo(0, within(FLOAT_SUMS));
    assertThat(moments.variance()).isCloseTo(1, within(FLOAT_SUMS));

    String other = job(config).execute(models.reward(), pairs(7), output("seven")).output();
    assertThat(Files.readAllBytes(Path.of(other, "model.safetensors")))
        .isEqualTo(Files.readAllBytes(Path.of(result.output(), "model.safetensors")));
    List<String> metrics = Files.readAllLines(Path.of(other, "metrics/reward.jsonl"));
    assertThat(metrics.get(metrics.size() - 1)).contains("reference/mean", "reference/deviation");
  }

  @Test
  void demonstrationsHaveMeanZeroAndMarginsStay() {
    String plain =
        job(RewardConfig.DEFAULTS).execute(models.reward(), pairs(2), output("plain")).output();
    RewardConfig config = RewardConfig.DEFAULTS.withNormalized(Normalize.MEAN, demonstrations());
    String shifted = job(config).execute(models.reward(), pairs(2), output("shifted")).output();
    assertThat(moments(shifted, "shown !").mean()).isCloseTo(0, within(FLOAT_SUMS));
    assertThat(moments(shifted, "shown !").variance())
        .isCloseTo(moments(plain, "shown !").variance(), within(FLOAT_SUMS));
    assertThat(moments(plain, "shown !").mean()).isNotCloseTo(0, within(0.01));
  }

  @Test
  void gradesKeepTheirUnit() {
    RewardConfig like = RewardConfig.DEFAULTS;
    assertThatThrownBy(
            () ->
                new RewardConfig(
                    Objective.RATING, 0, 0, like.ratingLoss(), 1, 5, Normalize.MEAN, ""))
        .isInstanceOf(ConfigException.class)
        .hasMessageStartingWith("reward.normalize must be none where")
        .hasMessageEndingWith("but is mean");
  }

  @Test
  void anAdapterThatLacksTheZeroIsWarnedOf() {
    RewardConfig mean = RewardConfig.DEFAULTS.withNormalized(Normalize.MEAN, "");
    assertThat(warningsOf(mean, llama(), LoraConfig.DEFAULTS, "whole")).isEmpty();
    assertThat(warningsOf(mean, models.reward(), ADAPTERS, "gpt2")).isEmpty();
    assertAdapterLacksTheZero(warningsOf(mean, llama(), ADAPTERS, "adapter"), "adapter");
    String start = output("whole");
    assertAdapterLacksTheZero(
        warningsOf(RewardConfig.DEFAULTS, start, ADAPTERS, "second"), "second");
    assertThat(offset(output("second"))).isEqualTo(offset(start));
  }

  private void assertAdapterLacksTheZero(List<String> warnings, String name) {
    double offset = offset(output(name));
    assertThat(offset).isNotZero();
    assertThat(warnings)
        .singleElement(as(STRING))
        .startsWith("The adapter of " + output(name) + " lacks the zero of its scores")
        .contains("must add " + offset + ",");
  }

  private String llama() {
    String llama = output("llama");
    if (!Files.exists(Path.of(llama))) {
      ModelConfig shape = new ModelConfig("llama", 1, 2, 0, 16, 0, 48, true);
      new InitJob().execute(models.tokenizer(), shape, 5, llama);
    }
    return llama;
  }

  /** A reward model whose zero is no part of its weights. */
  private String normalisedLlama() {
    RewardConfig mean = RewardConfig.DEFAULTS.withNormalized(Normalize.MEAN, "");
    return job(mean).execute(llama(), pairs(1), output("normalised")).output();
  }

  private static double offset(String model) {
    return ScoreNormalization.readOffset(Path.of(model));
  }

  /** Which changes nothing about differences of scores. */
  @Test
  void aModelThatIsTrainedOnKeepsItsZero() throws IOException {
    String start = normalisedLlama();
    String withoutZero = output("without-zero");
    ModelDirectory.save(ModelDirectory.load(Path.of(start)), Path.of(start), Path.of(withoutZero));
    assertThat(offset(withoutZero)).isZero();

    String model = job(RewardConfig.DEFAULTS).execute(start, pairs(1), output("on")).output();
    String other =
        job(RewardConfig.DEFAULTS).execute(withoutZero, pairs(1), output("other")).output();

    assertThat(offset(model)).isEqualTo(offset(start)).isNotZero();
    assertThat(offset(other)).isZero();
    assertThat(moments(model, "chosen ").mean() - moments(other, "chosen ").mean())
        .isCloseTo(offset(start), within(FLOAT_SUMS));

    RewardConfig both = RewardConfig.DEFAULTS.withNormalized(Normalize.MEAN_AND_VARIANCE, "");
    RewardJob.Result again = job(both).execute(start, pairs(1), output("again"));
    assertThat(again.reference().get("reference/mean"))
        .isCloseTo(moments(model, "chosen ").mean(), within(FLOAT_SUMS));
    assertThat(moments(again.output(), "chosen ").mean()).isCloseTo(0, within(FLOAT_SUMS));
    assertThat(moments(again.output(), "chosen ").variance()).isCloseTo(1, within(FLOAT_SUMS));
  }

  /** Grades have a zero, so the loss is of what score says. */
  @Test
  void aModelThatIsTrainedOnGradesStartsFromItsScores() throws IOException {
    Path start = Path.of(output("offset"));
    ModelDirectory.save(
        ModelDirectory.load(Path.of(normalisedLlama())), Path.of(models.tokenizer()), start);
    ScoreNormalization.writeOffset(3, start);
    List<String> rows = new ArrayList<>();
    for (int i = 0; i < 32; i++) {
      rows.add(
          "{\"prompt\": \"say %d\", \"response\": \"%s\", \"rating\": 4, \"split\": \"%s\"}"
              .formatted(
                  i, response("chosen ", i).replace("\n", "\\n"), i < 16 ? "train" : "test"));
    }
    Files.write(directory.resolve("ratings.jsonl"), rows);
    RewardConfig like = RewardConfig.DEFAULTS;
    RewardConfig config =
        new RewardConfig(Objective.RATING, 0, 0, like.ratingLoss(), 1, 5, Normalize.NONE, "");

    Moments before = moments(start.toString(), "chosen ", 16);
    RewardJob.Result result =
        job(config).execute(start.toString(), output("ratings.jsonl"), output("graded"));

    String first = Files.readAllLines(Path.of(result.output(), "metrics/reward.jsonl")).get(0);
    double distance = before.mean() - 4;
    assertThat(new ObjectMapper().readTree(first).path("loss").asDouble())
        .isCloseTo((before.variance() + distance * distance) / 2, within(FLOAT_SUMS));
    assertThat(offset(result.output())).isEqualTo(3);
    assertThat(Math.abs(moments(result.output(), "chosen ", 16).mean() - 4))
        .isLessThan(Math.abs(distance));
  }

  private List<String> warningsOf(RewardConfig config, String model, LoraConfig lora, String name) {
    try (Warnings warnings = new Warnings()) {
      job(config, lora).execute(model, pairs(1), output(name));
      return warnings.messages().stream().filter(text -> text.contains("adapter")).toList();
    }
  }

  private static RewardJob job(RewardConfig config) {
    return job(config, LoraConfig.DEFAULTS);
  }

  private static RewardJob job(RewardConfig config, LoraConfig lora) {
    return new RewardJob(
        SPARK,
        config,
        new TrainingSettings(OPTIMIZER, TrainerConfig.DEFAULTS, lora, DataConfig.DEFAULTS, 3));
  }

  private String pairs(int partitions) {
    List<PreferencePair> rows = new ArrayList<>();
    for (int i = 0; i < 40; i++) {
      Split split = i < 32 ? Split.TRAIN : Split.TEST;
      rows.add(
          new PreferencePair(
              "p" + i,
              "p" + i,
              "prompt " + i,
              split,
              "toy",
              prompt(i),
              response("chosen ", i),
              "\t\t",
              Optional.empty(),
              1.0,
              Optional.empty(),
              Optional.empty()));
    }
    String path = directory.resolve("pairs-" + partitions).toString();
    if (!DATASETS.isPublished(path)) {
      DATASETS.publish(
          path, PreferencePair.class, CONTEXT.parallelize(rows, partitions), "test", List.of());
    }
    return path;
  }

  private String demonstrations() {
    List<Demonstration> rows = new ArrayList<>();
    for (int i = 0; i < 32; i++) {
      rows.add(
          new Demonstration(
              "d" + i, "prompt " + i, Split.TRAIN, "toy", prompt(i), response("shown !", i), 1.0));
    }
    String path = directory.resolve("demonstrations").toString();
    DATASETS.publish(path, Demonstration.class, CONTEXT.parallelize(rows, 3), "test", List.of());
    return path;
  }

  /** Over the responses of the training rows, as the command score sees them. */
  private static Moments moments(String rewardModel, String kind) {
    return moments(rewardModel, kind, 32);
  }

  private static Moments moments(String rewardModel, String kind, int count) {
    List<ScoreRequest> requests = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      requests.add(new ScoreRequest("r" + i, prompt(i), response(kind, i), FinishReason.STOP));
    }
    Moments moments = Moments.NONE;
    CutTexts cut = CutTexts.of(SPARK.sparkContext());
    try (ResponseScorer scorer = new ResponseScorer(rewardModel, ScoreConfig.DEFAULTS, 1, cut)) {
      for (Score score : scorer.score(requests)) {
        moments = moments.merge(Moments.of(score.rawScore()));
      }
    }
    return moments;
  }

  private static List<Message> prompt(int i) {
    return List.of(Message.text("say " + i));
  }

  private static String response(String kind, int i) {
    return kind + "a".repeat(i % 5) + "\n".repeat(i % 7);
  }

  private String output(String name) {
    return directory.resolve(name).toString();
  }
}
