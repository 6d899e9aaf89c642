package org.rlhf4j.jobs.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.LongStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.rlhf4j.config.ConfigException;
import org.rlhf4j.config.DataConfig;
import org.rlhf4j.config.DataConfig.OverLength;
import org.rlhf4j.config.LoraConfig;
import org.rlhf4j.config.OptimizerConfig;
import org.rlhf4j.config.OptimizerConfig.Schedule;
import org.rlhf4j.config.OptimizerConfig.Updater;
import org.rlhf4j.config.RewardConfig;
import org.rlhf4j.config.TrainerConfig;
import org.rlhf4j.config.TrainerConfig.Device;
import org.rlhf4j.decoder.DecoderHead;
import org.rlhf4j.decoder.DecoderModel;
import org.rlhf4j.decoder.SequenceEvaluator;
import org.rlhf4j.decoder.TokenSequence;
import org.rlhf4j.hub.ModelDirectory;
import org.rlhf4j.jobs.JobException;
import org.rlhf4j.jobs.SparkTests;
import org.rlhf4j.jobs.ToyModels;
import org.rlhf4j.jobs.model.ExecutorModels;
import org.rlhf4j.metrics.Metric;
import org.rlhf4j.text.TextEncoder;

@Tag("spark")
class TestTrainingJobs {
  private static final double FLOAT_SUMS = 1e-5;
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final OptimizerConfig OPTIMIZER =
      new OptimizerConfig(2, 0, 8, 0.02, Schedule.CONSTANT, 0, Updater.ADAM, 1e-8, 0.0, 1.0);

  private static final LoraConfig ADAPTERS = new LoraConfig(4, 16, List.of("all-linear"));

  @TempDir private static Path shared;
  private static ToyModels models;

  @TempDir private Path directory;

  @BeforeAll
  static void makeModels() {
    models = new ToyModels(shared);
  }

  private static String split(int row) {
    return row % 5 == 4 ? "validation" : "train";
  }

  private Path write(String name, List<Map<String, Object>> rows) throws IOException {
    List<String> lines = new ArrayList<>();
    for (Map<String, Object> row : rows) {
      lines.add(JSON.writeValueAsString(row));
    }
    return Files.write(directory.resolve(name), lines);
  }

  private Path demonstrations() throws IOException {
    List<Map<String, Object>> rows = new ArrayList<>();
    for (int i = 0; i < 40; i++) {
      String prompt = "say " + i;
      String response = "abc".repeat(1 + i % 3);
      rows.add(
          Map.of(
              "demonstration_id",
              "d" + i,
              "split",
              split(i),
              "prompt",
              List.of(Map.of("role", "text", "content", prompt)),
              "response",
              response));
    }
    rows.add(
        Map.of(
            "demonstration_id",
            "long",
            "split",
            "train",
            "prompt",
            List.of(Map.of("role", "text", "content", "x")),
            "response",
            "y".repeat(60)));
    return write("demonstrations.jsonl", rows);
  }

  private Path preferences() throws IOException {
    List<Map<String, Object>> rows = new ArrayList<>();
    for (int i = 0; i < 60; i++) {
      rows.add(
          Map.of(
              "pair_id", "p" + i,
              "split", split(i),
              "prompt", List.of(Map.of("role", "text", "content", "say " + i)),
              "chosen", "good" + i % 7,
              "rejected", "bad" + i % 11));
    }
    return write("preferences.jsonl", rows);
  }

  private void assertMetricsAreDeclared(String file, String... some) throws IOException {
    Set<String> names = new TreeSet<>();
    for (String line : Files.readAllLines(Path.of(output(), "metrics", file))) {
      JSON.readTree(line).fieldNames().forEachRemaining(names::add);
    }
    assertThat(names)
        .allMatch(name -> name.equals("step") || Metric.named(name).isPresent())
        .contains(some);
  }

  private static SftJob sft() {
    return sft(LoraConfig.DEFAULTS);
  }

  private static SftJob sft(LoraConfig lora) {
    return new SftJob(
        SparkTests.session(),
        new TrainingSettings(OPTIMIZER, TrainerConfig.DEFAULTS, lora, DataConfig.DEFAULTS, 3));
  }

  private static TrainingSettings checkpointing(int workers, LoraConfig lora, long seed) {
    TrainerConfig trainer = new TrainerConfig(workers, 1, 2, Device.AUTO);
    return new TrainingSettings(OPTIMIZER, trainer, lora, DataConfig.DEFAULTS, seed);
  }

  private static RewardJob reward() {
    return reward(LoraConfig.DEFAULTS);
  }

  private static RewardJob reward(LoraConfig lora) {
    return new RewardJob(
        SparkTests.session(),
        RewardConfig.DEFAULTS,
        new TrainingSettings(OPTIMIZER, TrainerConfig.DEFAULTS, lora, DataConfig.DEFAULTS, 3));
  }

  private String output() {
    return directory.resolve("output").toString();
  }

  @Test
  void fineTuningPublishesAModelThatImitates() throws IOException {
    List<StepMetrics> steps = new ArrayList<>();
    SftJob.Result result =
        sft().onStep(steps::add).execute(models.policy(), demonstrations().toString(), output());
    assertThat(result.rows()).isEqualTo(new RowCounts(41, 32, 8, 0, 1, 0));
    assertThat(result.steps()).isEqualTo(8);
    assertThat(result.loss()).isLessThan(steps.get(0).values().get("loss"));
    assertThat(result.validationLoss().orElseThrow())
        .isCloseTo(validationLoss(), within(FLOAT_SUMS));

    assertMetricsAreDeclared("sft.jsonl", "loss", "validation/loss");
    List<String> lines = Files.readAllLines(Path.of(output(), "metrics", "sft.jsonl"));
    assertThat(lines).hasSize(10); // 8 steps and an evaluation after each of two epochs
    JsonNode first = JSON.readTree(lines.get(0));
    assertThat(first.get("step").asLong()).isEqualTo(1);
    assertThat(first.get("loss").asDouble()).isEqualTo(steps.get(0).values().get("loss"));
    assertThat(JSON.readTree(lines.get(9)).get("validation/loss").asDouble())
        .isEqualTo(result.validationLoss().orElseThrow());
  }

  /** One worker's round is the whole epoch here, that of two workers one step. */
  @ParameterizedTest
  @CsvSource({"1, 0, 4", "2, 0, 6", "2, 4, 6"})
  void aKilledTrainingGoesOnAsIfNothingHadHappened(int workers, int rank, long checkpoint)
      throws IOException {
    TrainingSettings settings =
        checkpointing(workers, new LoraConfig(rank, 16, List.of("all-linear")), 3);
    String input = demonstrations().toString();
    String whole = directory.resolve("whole").toString();
    new SftJob(SparkTests.session(), settings).execute(models.policy(), input, whole);

    killAfterSixSteps(settings, input);
    Path progress = Path.of(output() + ".progress");
    assertThat(progress).isDirectoryContaining(path -> path.endsWith("0000" + checkpoint));
    assertThat(progress.toFile().list()).hasSize(1);
    List<Long> steps = new ArrayList<>();
    SftJob.Result resumed =
        new SftJob(SparkTests.session(), settings)
            .onStep(step -> steps.add(step.step()))
            .execute(models.policy(), input, output());

    assertThat(steps).isEqualTo(LongStream.rangeClosed(checkpoint + 1, 8).boxed().toList());
    assertThat(resumed.steps()).isEqualTo(8);
    assertThat(Path.of(output(), "model.safetensors"))
        .hasSameBinaryContentAs(Path.of(whole, "model.safetensors"));
    assertThat(losses(output())).hasSize(10).isEqualTo(losses(whole));
    assertThat(progress).doesNotExist();
  }

  @Test
  void anotherTrainingDoesNotGoOnWhereAKilledOneStood() throws IOException {
    String input = demonstrations().toString();
    killAfterSixSteps(checkpointing(2, LoraConfig.DEFAULTS, 3), input);
    List<Long> steps = new ArrayList<>();
    new SftJob(SparkTests.session(), checkpointing(2, LoraConfig.DEFAULTS, 4))
        .onStep(step -> steps.add(step.step()))
        .execute(models.policy(), input, output());

    assertThat(steps).hasSize(8);
    assertThat(Path.of(output() + ".progress")).doesNotExist();
  }

  private void killAfterSixSteps(TrainingSettings settings, String input) {
    SftJob killed =
        new SftJob(SparkTests.session(), settings)
            .onStep(
                step -> {
                  if (step.step() == 7) {
                    throw new IllegalStateException("killed");
                  }
                });
    assertThatThrownBy(() -> killed.execute(models.policy(), input, output()))
        .hasMessageContaining("killed");
  }

  /** Losses of steps and evaluations; other metrics have times among them. */
  private static List<String> losses(String model) throws IOException {
    List<String> losses = new ArrayList<>();
    for (String line : Files.readAllLines(Path.of(model, "metrics", "sft.jsonl"))) {
      JsonNode json = JSON.readTree(line);
      losses.add(json.get("step") + " " + json.get("loss") + " " + json.get("validation/loss"));
    }

    return losses;
  }

  /** Mean over response and end tokens, from the published model, by another road. */
  private double validationLoss() {
    DecoderModel model = ModelDirectory.load(Path.of(output()));
    TextEncoder encoder = ExecutorModels.encoder(output());
    List<TokenSequence> sequences = new ArrayList<>();
    for (int i = 4; i < 40; i += 5) {
      sequences.add(
          new TokenSequence(
              encoder.tokenizer().encode("say " + i),
              encoder.responseTokensWithEnd("abc".repeat(1 + i % 3))));
    }
    double sum = 0;
    int tokens = 0;
    try (SequenceEvaluator evaluator = new SequenceEvaluator(model, 256, 1)) {
      for (float[] logprobs : evaluator.responseLogprobs(sequences, 1.0)) {
        for (float logprob : logprobs) {
          sum -= logprob;
          tokens++;
        }
      }
    }
    return sum / tokens;
  }

  @Test
  void fineTuningOnPreferencesImitatesTheChosenSide() throws IOException {
    sft().execute(models.policy(), preferences().toString(), output());
    TextEncoder encoder = ExecutorModels.encoder(output());
    DecoderModel model = ModelDirectory.load(Path.of(output()));
    try (SequenceEvaluator evaluator = new SequenceEvaluator(model, 256, 1)) {
      int[] prompt = encoder.tokenizer().encode("say 7");
      List<float[]> logprobs =
          evaluator.responseLogprobs(
              List.of(
                  new TokenSequence(prompt, encoder.responseTokens("g")),
                  new TokenSequence(prompt, encoder.responseTokens("b"))),
              1.0);
      assertThat(logprobs.get(0)[0]).isGreaterThan(logprobs.get(1)[0] + 1);
    }
  }

  @Test
  void theRewardModelTellsGoodFromBad() throws IOException {
    RewardJob.Result result = reward().execute(models.policy(), preferences().toString(), output());
    assertMetricsAreDeclared(
        "reward.jsonl", "accuracy", "validation/accuracy", "validation/margin");
    assertThat(result.rows()).isEqualTo(new RowCounts(60, 48, 12, 0, 0, 0));
    HeldOut validation = result.validation().orElseThrow();
    assertThat(validation.pairs()).isEqualTo(12);
    assertThat(validation.accuracy()).isEqualTo(1);
    assertThat(validation.low()).isBetween(0.7, 1.0);
    assertThat(result.test()).isEmpty();
    assertThat(ModelDirectory.load(Path.of(output())).head()).isEqualTo(DecoderHead.SCALAR);
    assertThat(Path.of(output(), "metrics", "reward.jsonl")).isRegularFile();
    assertThat(Path.of(output(), "manifest.json")).isRegularFile();
  }

  @Test
  void adaptersAreMergedIntoTheModelAndLieBesideIt() throws IOException {
    List<StepMetrics> steps = new ArrayList<>();
    SftJob.Result result =
        sft(ADAPTERS)
            .onStep(steps::add)
            .execute(models.policy(), demonstrations().toString(), output());
    assertThat(result.loss()).isLessThan(steps.get(0).values().get("loss"));
    assertThat(result.validationLoss().orElseThrow())
        .isCloseTo(validationLoss(), within(FLOAT_SUMS));
    JsonNode config = JSON.readTree(Path.of(output(), "adapter/adapter_config.json").toFile());
    assertThat(config.get("base_model_name_or_path").asText()).isEqualTo(models.policy());
    assertThat(Path.of(output(), "adapter/adapter_model.safetensors")).isRegularFile();

    sft().execute(models.policy(), demonstrations().toString(), output());
    assertThat(Path.of(output(), "adapter")).doesNotExist();
  }

  @Test
  void aRewardModelOfAdaptersTrainsItsHead() throws IOException {
    RewardJob.Result result =
        reward(ADAPTERS).execute(models.policy(), preferences().toString(), output());
    assertThat(result.validation().orElseThrow().accuracy()).isGreaterThan(0.9);
    JsonNode config = JSON.readTree(Path.of(output(), "adapter/adapter_config.json").toFile());
    assertThat(config.get("modules_to_save").get(0).asText()).isEqualTo("score");
  }

  @Test
  void adaptersOfUnknownLayersAreRefused() throws IOException {
    String input = demonstrations().toString();
    SftJob job = sft(new LoraConfig(4, 16, List.of("q_proj")));
    assertThatThrownBy(() -> job.execute(models.policy(), input, output()))
        .isInstanceOf(ConfigException.class)
        .hasMessage(
            "lora.targets names q_proj, which this model does not have; it has c_attn, c_proj,"
                + " c_fc");
  }

  @Test
  void overLongRowsAreCutWhereTheConfigurationSaysSo() throws IOException {
    DataConfig cutting = new DataConfig(3, 4, OverLength.TRUNCATE_LEFT);
    SftJob job =
        new SftJob(
            SparkTests.session(),
            new TrainingSettings(
                OPTIMIZER, TrainerConfig.DEFAULTS, LoraConfig.DEFAULTS, cutting, 3));
    SftJob.Result result = job.execute(models.policy(), demonstrations().toString(), output());
    assertThat(result.rows()).isEqualTo(new RowCounts(41, 33, 8, 0, 0, 41));
  }

  @Test
  void aRewardModelIsNotFineTuned() throws IOException {
    String input = demonstrations().toString();
    assertThatThrownBy(() -> sft().execute(models.reward(), input, output()))
        .isInstanceOf(JobException.class)
        .hasMessageEndingWith("toy-reward is a reward model; sft needs a language model");
  }

  @Test
  void anInputWithoutTrainingRowsIsAnError() throws IOException {
    Path input =
        write(
            "held-out.jsonl",
            List.of(
                Map.of(
                    "demonstration_id", "d",
                    "split", "test",
                    "prompt", List.of(Map.of("role", "text", "content", "x")),
                    "response", "y")));
    assertThatThrownBy(() -> sft().execute(models.policy(), input.toString(), output()))
        .isInstanceOf(JobException.class)
        .hasMessageContaining("held-out.jsonl has no row to train on: 1 rows were read");
    assertThat(Path.of(output())).doesNotExist();
  }
}
