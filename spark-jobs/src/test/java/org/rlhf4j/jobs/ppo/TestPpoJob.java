package org.rlhf4j.jobs.ppo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.rlhf4j.config.AdvantagesConfig;
import org.rlhf4j.config.ConfigException;
import org.rlhf4j.config.DataConfig;
import org.rlhf4j.config.GenerationConfig;
import org.rlhf4j.config.KlConfig;
import org.rlhf4j.config.LoraConfig;
import org.rlhf4j.config.OptimizerConfig;
import org.rlhf4j.config.PolicyObjectiveConfig;
import org.rlhf4j.config.PpoConfig;
import org.rlhf4j.config.PpoConfig.Algorithm;
import org.rlhf4j.config.ScoreConfig;
import org.rlhf4j.config.TrainerConfig;
import org.rlhf4j.config.TrustRegionConfig;
import org.rlhf4j.data.dataset.Prompt;
import org.rlhf4j.data.dataset.Rollout;
import org.rlhf4j.data.dataset.Split;
import org.rlhf4j.jobs.ExitCode;
import org.rlhf4j.jobs.JobException;
import org.rlhf4j.jobs.SparkTests;
import org.rlhf4j.jobs.ToyModels;
import org.rlhf4j.jobs.checkpoint.CheckpointStore;
import org.rlhf4j.jobs.dataset.Datasets;
import org.rlhf4j.jobs.dataset.Datasets.OutputFormat;
import org.rlhf4j.metrics.Metric;

/** The whole loop on a toy task: responses of printable characters are better. */
@Tag("spark")
class TestPpoJob {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final SparkSession SPARK = SparkTests.session();
  private static final JavaSparkContext CONTEXT =
      JavaSparkContext.fromSparkContext(SPARK.sparkContext());
  private static final Datasets DATASETS = new Datasets(SPARK, OutputFormat.PARQUET);
  private static final int RESPONSES = 32;
  private static final double HORIZON = 1000;
  private static final GenerationConfig GENERATION =
      new GenerationConfig(8, 0, 1.0, 0, 1.0, false, 1, 16, List.of());

  @TempDir private static Path models;
  private static ToyModels toys;
  private static PpoJob.Inputs inputs;

  @TempDir private Path directory;

  @BeforeAll
  static void makeModels() {
    toys = new ToyModels(models);
    String prompts = models.resolve("prompts").toString();
    List<Prompt> rows =
        Stream.of(Split.TRAIN, Split.TEST)
            .flatMap(split -> ToyModels.prompts(20, split).stream())
            .toList();
    DATASETS.publish(prompts, Prompt.class, CONTEXT.parallelize(rows, 3), "test", List.of());
    inputs = new PpoJob.Inputs(toys.policy(), toys.reward(), prompts);
  }

  @Test
  void scoreRisesAndTheRunGoesOnAfterAKillAsIfNothingHadHappened() throws IOException {
    PpoLayout whole = layout("whole");
    PpoJob.Result result = job(4).execute(inputs, whole);
    assertThat(result.iterations()).isEqualTo(4);
    JsonNode first = JSON.readTree(result.metrics().get(0));
    JsonNode last = JSON.readTree(result.metrics().get(3));
    assertThat(last.get("objective/score").asDouble())
        .isGreaterThan(first.get("objective/score").asDouble() + 0.1);
    assertThat(last.get("objective/kl").asDouble()).isGreaterThan(0.1);
    assertThat(last.get("kl/coefficient").asDouble())
        .isNotEqualTo(first.get("kl/coefficient").asDouble());
    assertThat(Files.readAllLines(Path.of(whole.metricsFile()))).isEqualTo(result.metrics());
    assertUsesTrainingPromptsOnly(whole);

    PpoLayout killed = killedInTheMiddle(whole);
    PpoJob.Result resumed = job(4).execute(inputs, killed);
    assertThat(resumed.resumedAfter()).isEqualTo(2);
    assertThat(weights(resumed.policy())).isEqualTo(weights(result.policy()));
    assertThat(Files.readAllLines(Path.of(killed.metricsFile()))).isEqualTo(resumed.metrics());
    assertThat(withoutTimes(resumed.metrics())).isEqualTo(withoutTimes(result.metrics()));

    PpoJob.Result again = job(4).execute(inputs, killed);
    assertThat(again.resumedAfter()).isEqualTo(4);
    assertThat(again.metrics()).isEqualTo(resumed.metrics());
  }

  @Test
  void adaptersGoOnAfterAKillAsIfNothingHadHappened() throws IOException {
    LoraConfig lora = new LoraConfig(4, 16, List.of("auto"));
    PpoJob job =
        new PpoJob(
                SPARK, DATASETS, new CheckpointStore(), settings(3, GENERATION, 0, HORIZON, lora))
            .watchedBy(Optional.of((prompt, response) -> prompt.size() + response.length()));
    PpoLayout whole = layout("whole");
    PpoJob.Result result = job.execute(inputs, whole);
    assertThat(weights(result.policy())).isNotEqualTo(weights(inputs.policy()));
    PpoLayout killed = killedInTheMiddle(whole);
    PpoJob.Result resumed = job.execute(inputs, killed);

    assertThat(resumed.resumedAfter()).isEqualTo(2);
    assertThat(weights(resumed.policy())).isEqualTo(weights(result.policy()));
    assertThat(adapters(resumed.policy())).isEqualTo(adapters(result.policy()));
    assertThat(withoutTimes(resumed.metrics())).isEqualTo(withoutTimes(result.metrics()));
    JsonNode last = JSON.readTree(result.metrics().get(2));
    assertThat(last.get("policy/ratio-deviation").asDouble()).isLessThan(1e-5);
    double length =
        DATASETS.read(whole.rollouts(3), Rollout.class).collect().stream()
            .mapToInt(rollout -> rollout.response().length())
            .average()
            .orElseThrow();
    assertThat(last.get("objective/gold-score").asDouble()).isCloseTo(1 + length, within(1e-9));
  }

  private static byte[] adapters(String model) throws IOException {
    return Files.readAllBytes(Path.of(model, "adapter/adapter_model.safetensors"));
  }

  /**
   * What a run leaves behind that is killed in its third iteration, after the critic's checkpoint,
   * and once before in its second, after the policy's checkpoint but before the metrics file.
   */
  private PpoLayout killedInTheMiddle(PpoLayout whole) throws IOException {
    PpoLayout killed = layout("killed");
    for (long iteration = 1; iteration <= 2; iteration++) {
      copy(whole, killed, String.format("checkpoints/policy/%05d", iteration));
    }
    for (long iteration = 1; iteration <= 3; iteration++) {
      copy(whole, killed, String.format("checkpoints/critic/%05d", iteration));
    }
    copy(whole, killed, "datasets/rollouts/iteration=00003");
    copy(whole, killed, "datasets/scores/iteration=00003");
    Path metrics = Path.of(killed.metricsFile());
    Files.createDirectories(metrics.getParent());
    String first = Files.readAllLines(Path.of(whole.metricsFile())).get(0) + "\n";
    Files.writeString(metrics, first);
    Files.writeString(metrics.resolveSibling(".ppo.jsonl.attempt"), first + "{\"step\":2,\"object");
    return killed;
  }

  /**
   * Each usual pair takes its two iterations, and goes on after a kill as if nothing had happened.
   */
  @ParameterizedTest
  @EnumSource(value = Algorithm.class, mode = EnumSource.Mode.EXCLUDE, names = "PPO")
  void everyAlgorithmGoesOnAfterAKill(Algorithm algorithm) throws IOException {
    PpoJob job = new PpoJob(SPARK, DATASETS, new CheckpointStore(), settings(algorithm));
    PpoLayout whole = layout("whole");
    PpoJob.Result result = job.execute(inputs, whole);
    PpoLayout killed = layout("killed");
    copy(whole, killed, "checkpoints/policy/00001");
    boolean hasCritic = settings(algorithm).hasCritic();
    if (hasCritic) {
      copy(whole, killed, "checkpoints/critic/00001");
    }
    PpoJob.Result resumed = job.execute(inputs, killed);

    assertThat(resumed.resumedAfter()).isEqualTo(1);
    assertThat(weights(resumed.policy())).isEqualTo(weights(result.policy()));
    assertThat(withoutTimes(resumed.metrics())).isEqualTo(withoutTimes(result.metrics()));
    JsonNode last = JSON.readTree(result.metrics().get(1));
    assertThat(last.get("policy/ratio-deviation").asDouble()).isLessThan(1e-5);
    assertThat(last.has("value/loss")).isEqualTo(hasCritic);
    assertThat(last.has("advantages/baseline")).isEqualTo(algorithm == Algorithm.REINFORCE);
    assertThat(last.has("policy/old-kl-coefficient")).isEqualTo(algorithm == Algorithm.PPO_KL);
    assertThat(last.fieldNames())
        .toIterable()
        .allMatch(name -> name.equals("step") || Metric.named(name).isPresent());
    assertThat(last.has("policy/step-share")).isEqualTo(algorithm == Algorithm.TRPO);
    if (algorithm == Algorithm.TRPO) {
      assertThat(last.get("policy/step-share").asDouble()).isPositive();
      assertThat(last.get("policy/old-kl").asDouble())
          .isPositive()
          .isLessThanOrEqualTo(TrustRegionConfig.DEFAULTS.radius());
    }
    boolean isOnePass = settings(algorithm).policyEpochs() == 1;
    assertThat(last.get("policy/epochs").asInt()).isEqualTo(isOnePass ? 1 : 2);
  }

  /** GRPO with its penalty in the loss, the others with theirs in the rewards. */
  private static PpoSettings settings(Algorithm algorithm) {
    PpoSettings like = settings(2, GENERATION);
    KlConfig kl = like.kl();
    KlConfig.Place place =
        algorithm == Algorithm.GRPO ? KlConfig.Place.LOSS : KlConfig.Place.REWARD;
    return new PpoSettings(
        new PpoConfig(algorithm, 2, RESPONSES, 16, 0.2, 1.0, 0.95, 0, 3e-3, 9),
        new PolicyObjectiveConfig(
            PolicyObjectiveConfig.Objective.AUTO,
            0.2,
            3,
            1,
            0.01,
            0.01,
            PolicyObjectiveConfig.Aggregation.RESPONSES),
        like.trustRegion(),
        like.optimizer(),
        like.trainer(),
        like.lora(),
        new GenerationConfig(8, 0, 1.0, 0, 1.0, false, 4, 16, List.of()),
        new KlConfig(0.1, kl.controller(), kl.target(), kl.horizon(), KlConfig.Estimator.K3, place),
        AdvantagesConfig.DEFAULTS,
        like.score(),
        like.data(),
        5);
  }

  @Test
  void groupsNeedSeveralResponses() {
    PpoSettings s = settings(Algorithm.RLOO);
    assertThatThrownBy(
            () ->
                new PpoSettings(
                    s.ppo(),
                    s.objective(),
                    s.trustRegion(),
                    s.optimizer(),
                    s.trainer(),
                    s.lora(),
                    GENERATION,
                    s.kl(),
                    s.advantages(),
                    s.score(),
                    s.data(),
                    s.seed()))
        .isInstanceOf(ConfigException.class)
        .hasMessageStartingWith("generation.samples-per-prompt is 1, but");
  }

  @Test
  void checkpointHoldsTheMetricsOfItsOwnIterationAlone() throws IOException {
    PpoLayout layout = layout("two");
    PpoJob.Result result = job(2).execute(inputs, layout);
    JsonNode state =
        JSON.readTree(Path.of(layout.policyCheckpoints(), "00002/ppo-state.json").toFile());
    assertThat(state.get("metrics").asText()).isEqualTo(result.metrics().get(1));
  }

  @Test
  void everyMetricIsDeclared() throws IOException {
    for (String line : job(1).execute(inputs, layout("declared")).metrics()) {
      assertThat(JSON.readTree(line).fieldNames())
          .toIterable()
          .allMatch(name -> name.equals("step") || Metric.named(name).isPresent())
          .contains("policy/entropy", "value/clip-fraction", "policy/ratio-deviation");
    }
  }

  /** Two minibatches an epoch and two epochs an iteration. */
  @Test
  void stopsAtMaxSteps() throws IOException {
    PpoLayout layout = layout("max-steps");
    PpoJob.Result result = job(4, 7).execute(inputs, layout);
    assertThat(result.iterations()).isEqualTo(2);
    assertThat(JSON.readTree(result.metrics().get(0)).get("policy/epochs").asInt()).isEqualTo(2);
    assertThat(Path.of(result.policy(), "model.safetensors")).exists();

    PpoJob.Result again = job(4, 7).execute(inputs, layout);
    assertThat(again.resumedAfter()).isEqualTo(2);
    assertThat(again.metrics()).isEqualTo(result.metrics());
  }

  @Test
  void refusesRolloutsThatThePolicyDidNotSample() {
    PpoLayout layout = layout("foreign");
    String rollouts = layout.rollouts(1);
    job(1).execute(inputs, layout("own"));
    JavaRDD<Rollout> foreign =
        DATASETS.read(layout("own").rollouts(1), Rollout.class).map(TestPpoJob::shifted);
    DATASETS.publish(rollouts, Rollout.class, foreign, "test", List.of());
    assertThatThrownBy(() -> job(1).execute(inputs, layout))
        .isInstanceOf(JobException.class)
        .hasMessageStartingWith(
            "Iteration 1: the first minibatch's probability ratios deviate from 1 by 0.0")
        .extracting(e -> ((JobException) e).exitCode())
        .isEqualTo(ExitCode.GATE_FAILED);
    assertThat(Path.of(layout.policyCheckpoints())).doesNotExist();
  }

  @Test
  void endsWhereMaxStepsAreReached() {
    PpoSettings cut = settings(4, GENERATION, 6, HORIZON);
    assertThat(settings(4, GENERATION).totalSteps()).isEqualTo(16);
    assertThat(cut.totalSteps()).isEqualTo(6);
    PpoLayout layout = layout("cut");
    for (int resumed = 0; resumed <= 2; resumed += 2) {
      PpoJob.Result result =
          new PpoJob(SPARK, DATASETS, new CheckpointStore(), cut).execute(inputs, layout);
      assertThat(result.iterations()).isEqualTo(2);
      assertThat(result.resumedAfter()).isEqualTo(resumed);
    }
  }

  @Test
  void refusesAHorizonThatCouldTurnThePenaltyIntoAReward() {
    assertThatThrownBy(() -> settings(1, GENERATION, 0, RESPONSES / 5.0))
        .isInstanceOf(ConfigException.class)
        .hasMessageStartingWith("kl.horizon must be above 6.4");
  }

  @Test
  void refusesToLearnFromARestrictedDistribution() {
    assertThatThrownBy(
            () -> settings(1, new GenerationConfig(8, 0, 1, 5, 1, false, 1, 16, List.of())))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("generation.top-k");
    assertThatThrownBy(
            () -> settings(1, new GenerationConfig(8, 2, 1, 0, 1, false, 1, 16, List.of())))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("min-new-tokens 0");
  }

  @Test
  void refusesAPolicyAsRewardModel() {
    PpoJob.Inputs swapped = new PpoJob.Inputs(toys.policy(), toys.policy(), inputs.prompts());
    assertThatThrownBy(() -> job(1).execute(swapped, layout("swapped")))
        .isInstanceOf(JobException.class)
        .hasMessageContaining("is not a reward model");
  }

  private static PpoJob job(int iterations) {
    return job(iterations, 0);
  }

  private static PpoJob job(int iterations, int maxSteps) {
    PpoSettings settings = settings(iterations, GENERATION, maxSteps, HORIZON);
    return new PpoJob(SPARK, DATASETS, new CheckpointStore(), settings);
  }

  private static PpoSettings settings(int iterations, GenerationConfig generation) {
    return settings(iterations, generation, 0, HORIZON);
  }

  private static PpoSettings settings(
      int iterations, GenerationConfig generation, int maxSteps, double horizon) {
    return settings(iterations, generation, maxSteps, horizon, LoraConfig.DEFAULTS);
  }

  private static PpoSettings settings(
      int iterations, GenerationConfig generation, int maxSteps, double horizon, LoraConfig lora) {
    PpoConfig ppo =
        new PpoConfig(Algorithm.PPO, iterations, RESPONSES, 16, 0.2, 1.0, 0.95, 0, 3e-3, 9);
    OptimizerConfig optimizer =
        new OptimizerConfig(
            2,
            maxSteps,
            64,
            0.03,
            OptimizerConfig.Schedule.CONSTANT,
            0,
            OptimizerConfig.Updater.ADAM,
            1e-5,
            0,
            1);
    KlConfig kl =
        new KlConfig(
            0.01,
            KlConfig.Controller.ADAPTIVE,
            3,
            horizon,
            KlConfig.Estimator.K1,
            KlConfig.Place.REWARD);
    return new PpoSettings(
        ppo,
        PolicyObjectiveConfig.DEFAULTS,
        TrustRegionConfig.DEFAULTS,
        optimizer,
        TrainerConfig.DEFAULTS,
        lora,
        generation,
        kl,
        AdvantagesConfig.DEFAULTS,
        new ScoreConfig(ScoreConfig.MissingEnd.NONE, 0),
        DataConfig.DEFAULTS,
        3);
  }

  private PpoLayout layout(String name) {
    return new PpoLayout(directory.resolve(name).toString());
  }

  private static void assertUsesTrainingPromptsOnly(PpoLayout layout) {
    List<Rollout> rollouts = DATASETS.read(layout.rollouts(1), Rollout.class).collect();
    assertThat(rollouts).hasSize(RESPONSES);
    assertThat(rollouts).allMatch(rollout -> rollout.promptId().startsWith("prompt-TRAIN"));
  }

  private static Rollout shifted(Rollout rollout) {
    float[] logprobs = rollout.logprobs().clone();
    logprobs[0] -= 0.01f;
    return new Rollout(
        rollout.rolloutId(),
        rollout.promptId(),
        rollout.promptText(),
        rollout.response(),
        rollout.promptTokens(),
        rollout.responseTokens(),
        logprobs,
        rollout.refLogprobs(),
        rollout.values(),
        rollout.finishReason(),
        rollout.seed());
  }

  private static byte[] weights(String model) throws IOException {
    return Files.readAllBytes(Path.of(model, "model.safetensors"));
  }

  private static List<String> withoutTimes(List<String> lines) {
    return lines.stream().map(TestPpoJob::withoutTimes).toList();
  }

  private static String withoutTimes(String line) {
    try {
      JsonNode node = JSON.readTree(line);
      ((ObjectNode) node)
          .remove(
              Stream.of("generate", "score", "advantages", "update", "iteration")
                  .map(stage -> "seconds/" + stage)
                  .toList());
      return node.toString();
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException(e);
    }
  }

  private static void copy(PpoLayout from, PpoLayout to, String relative) throws IOException {
    Path source = Path.of(from.root(), relative);
    Path target = Path.of(to.root(), relative);
    try (Stream<Path> paths = Files.walk(source)) {
      for (Path path : paths.toList()) {
        Path copy = target.resolve(source.relativize(path));
        Files.createDirectories(copy.getParent());
        Files.copy(path, copy);
      }
    }
  }
}
