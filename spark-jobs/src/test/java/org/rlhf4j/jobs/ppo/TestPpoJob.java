package org.rlhf4j.jobs.ppo;

import static java.util.stream.Collectors.toMap;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.spark.api.java.JavaRDD;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.rlhf4j.config.EnsembleConfig;
import org.rlhf4j.config.LoraConfig;
import org.rlhf4j.data.dataset.Rollout;
import org.rlhf4j.hub.ModelDirectory;
import org.rlhf4j.hub.ScoreNormalization;
import org.rlhf4j.jobs.ExitCode;
import org.rlhf4j.jobs.JobException;
import org.rlhf4j.metrics.Metric;

/** The whole loop on a toy task: responses of printable characters are better. */
@Tag("spark")
class TestPpoJob {
  private static final ObjectMapper JSON = new ObjectMapper();

  @TempDir private static Path models;
  private static PpoJob.Inputs inputs;

  @TempDir private Path directory;

  @BeforeAll
  static void makeModels() {
    inputs = ToyRuns.inputs(models);
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
    assertEveryMetricIsDeclared(result.metrics());
    JsonNode state =
        JSON.readTree(Path.of(whole.policyCheckpoints(), "00004/ppo-state.json").toFile());
    assertThat(state.get("metrics").asText()).isEqualTo(result.metrics().get(3));

    PpoLayout killed = killedInTheMiddle(whole);
    PpoJob.Result resumed = job(4).execute(inputs, killed);
    assertThat(resumed.resumedAfter()).isEqualTo(2);
    assertThat(ToyRuns.weights(resumed.policy())).isEqualTo(ToyRuns.weights(result.policy()));
    assertThat(Files.readAllLines(Path.of(killed.metricsFile()))).isEqualTo(resumed.metrics());
    assertThat(ToyRuns.withoutTimes(resumed.metrics()))
        .isEqualTo(ToyRuns.withoutTimes(result.metrics()));

    PpoJob.Result again = job(4).execute(inputs, killed);
    assertThat(again.resumedAfter()).isEqualTo(4);
    assertThat(again.metrics()).isEqualTo(resumed.metrics());
  }

  @Test
  void adaptersGoOnAfterAKillAsIfNothingHadHappened() throws IOException {
    LoraConfig lora = new LoraConfig(4, 16, List.of("auto"));
    PpoJob job =
        ToyRuns.job(ToyRuns.settings(3, ToyRuns.GENERATION, 0, ToyRuns.HORIZON, lora))
            .watchedBy(Optional.of((prompt, response) -> prompt.size() + response.length()));
    PpoLayout whole = layout("whole");
    PpoJob.Result result = job.execute(inputs, whole);
    assertThat(ToyRuns.weights(result.policy())).isNotEqualTo(ToyRuns.weights(inputs.policy()));
    PpoLayout killed = killedInTheMiddle(whole);
    PpoJob.Result resumed = job.execute(inputs, killed);

    assertThat(resumed.resumedAfter()).isEqualTo(2);
    assertThat(ToyRuns.weights(resumed.policy())).isEqualTo(ToyRuns.weights(result.policy()));
    assertThat(adapters(resumed.policy())).isEqualTo(adapters(result.policy()));
    assertThat(ToyRuns.withoutTimes(resumed.metrics()))
        .isEqualTo(ToyRuns.withoutTimes(result.metrics()));
    JsonNode last = JSON.readTree(result.metrics().get(2));
    assertThat(last.get("policy/ratio-deviation").asDouble()).isLessThan(1e-5);
    double length =
        ToyRuns.DATASETS.read(whole.rollouts(3), Rollout.class).collect().stream()
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
      ToyRuns.copy(whole, killed, String.format("checkpoints/policy/%05d", iteration));
    }
    for (long iteration = 1; iteration <= 3; iteration++) {
      ToyRuns.copy(whole, killed, String.format("checkpoints/critic/%05d", iteration));
    }
    ToyRuns.copy(whole, killed, "datasets/rollouts/iteration=00003");
    ToyRuns.copy(whole, killed, "datasets/scores/iteration=00003");
    Path metrics = Path.of(killed.metricsFile());
    Files.createDirectories(metrics.getParent());
    String first = Files.readAllLines(Path.of(whole.metricsFile())).get(0) + "\n";
    Files.writeString(metrics, first);
    Files.writeString(metrics.resolveSibling(".ppo.jsonl.attempt"), first + "{\"step\":2,\"object");
    return killed;
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
        ToyRuns.DATASETS.read(layout("own").rollouts(1), Rollout.class).map(TestPpoJob::shifted);
    ToyRuns.DATASETS.publish(rollouts, Rollout.class, foreign, "test", List.of());
    assertThatThrownBy(() -> job(1).execute(inputs, layout))
        .isInstanceOf(JobException.class)
        .hasMessageStartingWith(
            "Iteration 1: the first minibatch's probability ratios deviate from 1 by 0.0")
        .extracting(e -> ((JobException) e).exitCode())
        .isEqualTo(ExitCode.GATE_FAILED);
    assertThat(Path.of(layout.policyCheckpoints())).doesNotExist();
  }

  /** The same responses, scored by the lower of a reward model and its mirror image: minus |r|. */
  @Test
  void ensemblesScoreResponsesAndTellHowTheyDisagree() throws IOException {
    Path mirrored = directory.resolve("mirrored");
    ModelDirectory.save(
        new ScoreNormalization(0, -1)
            .fold(ModelDirectory.load(Path.of(inputs.rewardModel().orElseThrow()))),
        Path.of(inputs.policy()),
        mirrored);
    EnsembleConfig ensemble =
        new EnsembleConfig(List.of(mirrored.toString()), EnsembleConfig.Rule.WORST, 0);
    PpoSettings settings = ToyRuns.with(ToyRuns.settings(1, ToyRuns.GENERATION), ensemble);
    JsonNode metrics =
        JSON.readTree(ToyRuns.job(settings).execute(inputs, layout("two")).metrics().get(0));
    assertThat(metrics.get("objective/score").asDouble()).isNegative();
    assertThat(metrics.get("objective/score-deviation").asDouble())
        .isCloseTo(-metrics.get("objective/score").asDouble(), within(1e-6));
  }

  /** The zero of normalised scores is the critic's, in its rollouts and its checkpoints. */
  @Test
  void aCriticStartsWithTheOffsetOfTheRewardModel() throws IOException {
    PpoLayout plain = layout("plain");
    job(1).execute(inputs, plain);
    Path rewardModel = directory.resolve("with-offset");
    ModelDirectory.save(
        ModelDirectory.load(Path.of(inputs.rewardModel().orElseThrow())),
        Path.of(inputs.policy()),
        rewardModel);
    ScoreNormalization.writeOffset(-0.75, rewardModel);
    PpoLayout shifted = layout("shifted");
    job(1)
        .execute(
            new PpoJob.Inputs(inputs.policy(), rewardModel.toString(), inputs.prompts()), shifted);
    Map<String, float[]> before = values(plain);
    assertThat(values(shifted))
        .hasSize(ToyRuns.RESPONSES)
        .allSatisfy(
            (id, values) -> {
              for (int t = 0; t < values.length; t++) {
                assertThat(values[t]).isCloseTo(before.get(id)[t] - 0.75f, within(1e-6f));
              }
            });
    assertThat(ScoreNormalization.readOffset(Path.of(shifted.criticCheckpoint(1))))
        .isEqualTo(-0.75);
  }

  private static Map<String, float[]> values(PpoLayout layout) {
    return ToyRuns.DATASETS.read(layout.rollouts(1), Rollout.class).collect().stream()
        .collect(toMap(Rollout::rolloutId, rollout -> rollout.values().orElseThrow()));
  }

  @Test
  void refusesAPolicyAsRewardModel() {
    PpoJob.Inputs swapped = new PpoJob.Inputs(inputs.policy(), inputs.policy(), inputs.prompts());
    assertThatThrownBy(() -> job(1).execute(swapped, layout("swapped")))
        .isInstanceOf(JobException.class)
        .hasMessageContaining("is not a reward model");
  }

  private static PpoJob job(int iterations) {
    return job(iterations, 0);
  }

  private static PpoJob job(int iterations, int maxSteps) {
    PpoSettings settings =
        ToyRuns.settings(iterations, ToyRuns.GENERATION, maxSteps, ToyRuns.HORIZON);
    return ToyRuns.job(settings);
  }

  private PpoLayout layout(String name) {
    return new PpoLayout(directory.resolve(name).toString());
  }

  private static void assertEveryMetricIsDeclared(List<String> lines) throws IOException {
    for (String line : lines) {
      assertThat(JSON.readTree(line).fieldNames())
          .toIterable()
          .allMatch(name -> name.equals("step") || Metric.named(name).isPresent())
          .contains("policy/entropy", "value/clip-fraction", "policy/ratio-deviation");
    }
  }

  private static void assertUsesTrainingPromptsOnly(PpoLayout layout) {
    List<Rollout> rollouts = ToyRuns.DATASETS.read(layout.rollouts(1), Rollout.class).collect();
    assertThat(rollouts).hasSize(ToyRuns.RESPONSES);
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
}
