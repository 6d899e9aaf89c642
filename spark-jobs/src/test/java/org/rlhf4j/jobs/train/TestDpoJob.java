package org.rlhf4j.jobs.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.rlhf4j.config.DataConfig;
import org.rlhf4j.config.DpoConfig;
import org.rlhf4j.config.DpoConfig.Objective;
import org.rlhf4j.config.LoraConfig;
import org.rlhf4j.config.OptimizerConfig;
import org.rlhf4j.config.OptimizerConfig.Schedule;
import org.rlhf4j.config.OptimizerConfig.Updater;
import org.rlhf4j.config.TrainerConfig;
import org.rlhf4j.config.TrainerConfig.Device;
import org.rlhf4j.decoder.DecoderHead;
import org.rlhf4j.decoder.DecoderModel;
import org.rlhf4j.hub.ModelDirectory;
import org.rlhf4j.jobs.JobException;
import org.rlhf4j.jobs.SparkTests;
import org.rlhf4j.jobs.ToyModels;
import org.rlhf4j.metrics.Metric;

@Tag("spark")
class TestDpoJob {
  private static final double SAME_MODEL_IN_OTHER_BATCHES = 1e-4;
  private static final double SAME_SUM_IN_ANOTHER_ORDER = 1e-6;
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final OptimizerConfig ADAM =
      new OptimizerConfig(2, 0, 8, 0.01, Schedule.CONSTANT, 0, Updater.ADAM, 1e-8, 0.0, 1.0);

  private static final OptimizerConfig SGD =
      new OptimizerConfig(1, 3, 8, 0.1, Schedule.CONSTANT, 0, Updater.SGD, 1e-8, 0.0, 0.0);

  @TempDir private static Path shared;
  private static ToyModels models;

  @TempDir private Path directory;

  @BeforeAll
  static void makeModels() {
    models = new ToyModels(shared);
  }

  private static Map<String, Object> row(int i) {
    return Map.of(
        "pair_id", "p" + i,
        "split", i % 5 == 4 ? "validation" : "train",
        "prompt", List.of(Map.of("role", "text", "content", "say " + i)),
        "chosen", "good" + i % 7,
        "rejected", "bad" + i % 11);
  }

  private static Map<String, Object> rating(int i) {
    return Map.of(
        "rating_id",
        "r" + i,
        "split",
        i % 5 == 4 ? "validation" : "train",
        "prompt",
        List.of(Map.of("role", "text", "content", "say " + i)),
        "response",
        (i % 2 == 0 ? "good" : "bad") + i % 7,
        "rating",
        i % 2 == 0 ? 1.0 : 0.0);
  }

  private interface Row {
    Map<String, Object> of(int i);
  }

  /** Rows from {@code first} on in their order, then those before it, in so many files. */
  private String write(String name, Row row, int first, int files) throws IOException {
    Path folder = Files.createDirectory(directory.resolve(name));
    List<String> lines = new ArrayList<>();
    for (int i = 0; i < 60; i++) {
      lines.add(JSON.writeValueAsString(row.of((first + i) % 60)));
    }
    for (int file = 0; file < files; file++) {
      List<String> part = lines.subList(60 * file / files, 60 * (file + 1) / files);
      Files.write(folder.resolve("part-" + file + ".jsonl"), part);
    }
    return folder.toString();
  }

  private static DpoConfig config(Objective objective) {
    double beta = objective == Objective.SIMPO ? 2 : 0.1;
    return new DpoConfig(objective, beta, 0.1, false, 1, 1, 1, 1);
  }

  private static DpoJob job(Objective objective, OptimizerConfig optimizer, int workers) {
    return job(objective, optimizer, workers, LoraConfig.DEFAULTS);
  }

  private static DpoJob job(
      Objective objective, OptimizerConfig optimizer, int workers, LoraConfig lora) {
    TrainerConfig trainer = new TrainerConfig(workers, 1, 0, Device.AUTO);
    return new DpoJob(
        SparkTests.session(),
        config(objective),
        new TrainingSettings(optimizer, trainer, lora, DataConfig.DEFAULTS, 3));
  }

  private String output() {
    return directory.resolve("output").toString();
  }

  @ParameterizedTest
  @EnumSource(Objective.class)
  void everyObjectiveLearnsThePreference(Objective objective) throws IOException {
    List<StepMetrics> steps = new ArrayList<>();
    DpoJob.Result result =
        job(objective, ADAM, 1)
            .onStep(steps::add)
            .execute(models.policy(), write("pairs", TestDpoJob::row, 0, 1), output());
    assertThat(result.rows()).isEqualTo(new RowCounts(60, 48, 12, 0, 0, 0));
    assertThat(result.steps()).isEqualTo(12);
    assertThat(result.validation().orElseThrow().accuracy()).isGreaterThan(0.9);
    assertThat(result.lastStep().get("loss")).isLessThan(steps.get(0).values().get("loss"));
    assertThat(result.lastStep().get("rewards/margin"))
        .isGreaterThan(steps.get(0).values().get("rewards/margin"));
    assertThat(ModelDirectory.load(Path.of(output())).head()).isEqualTo(DecoderHead.LANGUAGE_MODEL);
    assertMetricsAreDeclared(
        "rewards/chosen", "rewards/rejected", "rewards/margin", "accuracy", "validation/loss");
  }

  private void assertMetricsAreDeclared(String... some) throws IOException {
    Set<String> names = new TreeSet<>();
    for (String line : Files.readAllLines(Path.of(output(), "metrics", "dpo.jsonl"))) {
      JSON.readTree(line).fieldNames().forEachRemaining(names::add);
    }
    assertThat(names)
        .allMatch(name -> name.equals("step") || Metric.named(name).isPresent())
        .contains(some);
  }

  @Test
  void thePolicyStartsAsItsReference() throws IOException {
    List<StepMetrics> steps = new ArrayList<>();
    job(Objective.DPO, SGD, 1)
        .onStep(steps::add)
        .execute(models.policy(), write("pairs", TestDpoJob::row, 0, 1), output());
    Map<String, Double> first = steps.get(0).values();
    assertThat(first.get("rewards/chosen")).isCloseTo(0, within(SAME_MODEL_IN_OTHER_BATCHES));
    assertThat(first.get("loss")).isCloseTo(Math.log(2), within(SAME_MODEL_IN_OTHER_BATCHES));
    assertThat(first.get("logprobs/chosen")).isLessThan(-10);
  }

  private float[] weights(Objective objective, int workers, String input) {
    String output = directory.resolve("weights-" + workers + "-" + input.hashCode()).toString();
    job(objective, SGD, workers).execute(models.policy(), input, output);
    DecoderModel model = ModelDirectory.load(Path.of(output));
    float[] weights = new float[(int) model.weights().length()];
    model.weights().copyTo(0, weights, 0, weights.length);
    return weights;
  }

  @Test
  void workersAreOneWorkerOnTheUnion() throws IOException {
    String input = write("pairs", TestDpoJob::row, 0, 1);
    float[] one = weights(Objective.DPO, 1, input);
    float[] two = weights(Objective.DPO, 2, input);
    for (int i = 0; i < one.length; i++) {
      assertThat(two[i]).isCloseTo(one[i], within((float) SAME_SUM_IN_ANOTHER_ORDER));
    }
  }

  @ParameterizedTest
  @EnumSource(
      value = Objective.class,
      names = {"DPO", "KTO"})
  void filesAndTheirOrderChangeNoBit(Objective objective) throws IOException {
    float[] whole = weights(objective, 1, write("whole", TestDpoJob::row, 0, 1));
    float[] parts = weights(objective, 1, write("parts", TestDpoJob::row, 17, 4));
    assertThat(parts).isEqualTo(whole);
  }

  @Test
  void adaptersTrainAgainstTheSameReference() throws IOException {
    DpoJob.Result result =
        job(Objective.DPO, ADAM, 1, new LoraConfig(4, 16, List.of("all-linear")))
            .execute(models.policy(), write("pairs", TestDpoJob::row, 0, 1), output());
    assertThat(result.validation().orElseThrow().accuracy()).isGreaterThan(0.9);
    assertThat(Path.of(output(), "adapter", "adapter_model.safetensors")).isRegularFile();
  }

  @Test
  void ktoReadsRatings() throws IOException {
    DpoJob.Result result =
        job(Objective.KTO, ADAM, 1)
            .execute(models.policy(), write("ratings", TestDpoJob::rating, 0, 1), output());
    assertThat(result.rows()).isEqualTo(new RowCounts(60, 48, 12, 0, 0, 0));
    assertThat(result.lastStep().get("rewards/margin")).isGreaterThan(0.02);
    assertThat(result.validation().orElseThrow().accuracy()).isGreaterThan(0.8);
  }

  @Test
  void theOthersRefuseRatingsWithoutComparisons() throws IOException {
    String input = write("ratings", TestDpoJob::rating, 0, 1);
    DpoJob job = job(Objective.SIMPO, ADAM, 1);
    assertThatThrownBy(() -> job.execute(models.policy(), input, output()))
        .isInstanceOf(JobException.class)
        .hasMessageEndingWith(
            "has ratings, but no two different ones of one prompt, source and annotator, which the"
                + " objective could compare; give preferences or set dpo.objective to kto");
  }

  @Test
  void ratingsOfOnePromptAreCompared() throws IOException {
    Row twoOfAPrompt =
        i -> {
          Map<String, Object> row = new HashMap<>(rating(i));
          row.put("prompt", "say " + i / 2);
          row.put("split", i / 2 % 5 == 4 ? "validation" : "train");
          return row;
        };
    DpoJob.Result result =
        job(Objective.DPO, ADAM, 1)
            .execute(models.policy(), write("ratings", twoOfAPrompt, 0, 1), output());
    assertThat(result.rows()).isEqualTo(new RowCounts(30, 24, 6, 0, 0, 0));
    assertThat(result.validation().orElseThrow().accuracy()).isGreaterThan(0.8);
  }

  @Test
  void aRewardModelIsNoPolicy() throws IOException {
    String input = write("pairs", TestDpoJob::row, 0, 1);
    DpoJob job = job(Objective.DPO, ADAM, 1);
    assertThatThrownBy(() -> job.execute(models.reward(), input, output()))
        .isInstanceOf(JobException.class)
        .hasMessageEndingWith("toy-reward is a reward model; dpo needs a language model");
  }
}
