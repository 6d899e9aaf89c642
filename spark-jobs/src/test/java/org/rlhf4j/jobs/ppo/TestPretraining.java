package org.rlhf4j.jobs.ppo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.rlhf4j.config.DataConfig;
import org.rlhf4j.config.LoraConfig;
import org.rlhf4j.config.OptimizerConfig;
import org.rlhf4j.config.PpoConfig.Algorithm;
import org.rlhf4j.config.PretrainingConfig;
import org.rlhf4j.config.TrainerConfig;
import org.rlhf4j.data.dataset.Demonstration;
import org.rlhf4j.data.dataset.Message;
import org.rlhf4j.data.dataset.Split;
import org.rlhf4j.decoder.SequenceEvaluator;
import org.rlhf4j.decoder.TokenSequence;
import org.rlhf4j.dl4j.TrainingExample.Sequence;
import org.rlhf4j.jobs.JobException;
import org.rlhf4j.jobs.model.ExecutorModels;
import org.rlhf4j.jobs.train.SftJob;
import org.rlhf4j.jobs.train.TrainingSettings;
import org.rlhf4j.text.TextEncoder;

/** Pretraining gradients beside those of responses; the demonstrations are what scores badly. */
@Tag("spark")
class TestPretraining {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int ROWS = 24;

  @TempDir private static Path models;
  private static PpoJob.Inputs inputs;

  @TempDir private Path directory;

  @BeforeAll
  static void makeModels() {
    inputs = ToyRuns.inputs(models);
  }

  @Test
  void heldOutDemonstrationsStayLikelier() throws IOException {
    String demonstrations = demonstrations(3);
    PpoJob.Inputs start = fineTuned(demonstrations);
    PpoJob.Inputs withRows =
        new PpoJob.Inputs(
            start.policy(), start.rewardModel(), start.prompts(), Optional.of(demonstrations));
    PpoJob.Result without =
        ToyRuns.job(ToyRuns.settings(3, ToyRuns.GENERATION)).execute(start, layout("without"));
    PpoJob with = ToyRuns.job(settings(3));
    PpoLayout whole = layout("with");
    PpoJob.Result result = with.execute(withRows, whole);
    double before = heldOutLikelihood(start.policy());
    double fall = before - heldOutLikelihood(without.policy());
    assertThat(fall).isPositive();
    assertThat(before - heldOutLikelihood(result.policy())).isLessThan(fall / 2);
    JsonNode last = JSON.readTree(result.metrics().get(2));
    assertThat(last.get("policy/pretraining-loss").asDouble()).isPositive();
    assertThat(last.get("policy/ratio-deviation").asDouble()).isLessThan(1e-5);

    PpoLayout killed = layout("killed");
    ToyRuns.copy(whole, killed, "checkpoints/policy/00002");
    ToyRuns.copy(whole, killed, "checkpoints/critic/00002");
    PpoJob.Result resumed = with.execute(withRows, killed);
    assertThat(resumed.resumedAfter()).isEqualTo(2);
    assertThat(ToyRuns.weights(resumed.policy())).isEqualTo(ToyRuns.weights(result.policy()));
    assertThat(ToyRuns.withoutTimes(resumed.metrics()).get(1)) // the kill lost the first line
        .isEqualTo(ToyRuns.withoutTimes(result.metrics()).get(2));
  }

  @Test
  void trustRegionTakesTheTermToo() throws IOException {
    PpoSettings plain = ToyRuns.settings(Algorithm.TRPO);
    PpoJob.Result result =
        ToyRuns.job(ToyRuns.with(plain, 1, new PretrainingConfig(1, 1, "")))
            .execute(inputs(demonstrations(2)), layout("trpo"));
    JsonNode metrics = JSON.readTree(result.metrics().get(0));
    assertThat(metrics.get("policy/pretraining-loss").asDouble()).isPositive();
    assertThat(metrics.get("policy/old-kl").asDouble())
        .isPositive()
        .isLessThanOrEqualTo(plain.trustRegion().radius());
  }

  @Test
  void rowsOfAnIterationDependOnSeedAndIdsAlone() {
    List<List<Sequence>> iterations = new ArrayList<>();
    for (int partitions : new int[] {1, 5}) {
      try (PretrainingSource source =
          PretrainingSource.open(ToyRuns.SPARK, settings(1), inputs(demonstrations(partitions)))) {
        iterations.add(source.sequences(1, 3));
        iterations.add(source.sequences(2, 3));
      }
    }
    assertThat(tokens(iterations.get(0))).isEqualTo(tokens(iterations.get(2)));
    assertThat(tokens(iterations.get(1)))
        .isEqualTo(tokens(iterations.get(3)))
        .doesNotContainAnyElementsOf(tokens(iterations.get(0)));
  }

  @Test
  void rowsAreAskedFor() {
    assertThatThrownBy(() -> ToyRuns.job(settings(1)).execute(inputs, layout("none")))
        .isInstanceOf(JobException.class)
        .hasMessageStartingWith("ppo.pretraining-coefficient is 2.0, but there are no rows");
  }

  /** A policy that has learned the demonstrations and can forget them. */
  private PpoJob.Inputs fineTuned(String demonstrations) {
    OptimizerConfig optimizer =
        new OptimizerConfig(
            4,
            0,
            6,
            0.02,
            OptimizerConfig.Schedule.CONSTANT,
            0,
            OptimizerConfig.Updater.ADAM,
            1e-8,
            0,
            1);
    TrainingSettings training =
        new TrainingSettings(
            optimizer, TrainerConfig.DEFAULTS, LoraConfig.DEFAULTS, DataConfig.DEFAULTS, 3);
    String policy = directory.resolve("sft").toString();
    new SftJob(ToyRuns.SPARK, training).execute(inputs.policy(), demonstrations, policy);
    return new PpoJob.Inputs(policy, inputs.rewardModel(), inputs.prompts(), Optional.empty());
  }

  private static PpoSettings settings(int iterations) {
    return ToyRuns.with(
        ToyRuns.settings(iterations, ToyRuns.GENERATION),
        iterations,
        new PretrainingConfig(2, 2, ""));
  }

  private static PpoJob.Inputs inputs(String demonstrations) {
    return new PpoJob.Inputs(
        inputs.policy(), inputs.rewardModel(), inputs.prompts(), Optional.of(demonstrations));
  }

  private String demonstrations(int partitions) {
    List<Demonstration> rows = new ArrayList<>();
    for (int i = 0; i < ROWS; i++) {
      Split split = i % 4 == 3 ? Split.TEST : Split.TRAIN;
      rows.add(new Demonstration("d" + i, "p" + i, split, "toy", prompt(i), response(i), 1.0));
    }
    String path = directory.resolve("demonstrations-" + partitions).toString();
    ToyRuns.DATASETS.publish(
        path,
        Demonstration.class,
        ToyRuns.CONTEXT.parallelize(rows, partitions),
        "test",
        List.of());
    return path;
  }

  private static List<Message> prompt(int i) {
    return List.of(Message.text("say " + i));
  }

  /** Nothing that the reward model likes. */
  private static String response(int i) {
    return "\n\t".repeat(1 + i % 3) + " \n";
  }

  /** Mean over tokens, nats. */
  private static double heldOutLikelihood(String policy) {
    TextEncoder encoder = ExecutorModels.encoder(policy);
    List<TokenSequence> sequences = new ArrayList<>();
    for (int i = 3; i < ROWS; i += 4) {
      sequences.add(
          new TokenSequence(
              encoder.promptTokens(prompt(i)), encoder.responseTokensWithEnd(response(i))));
    }
    double sum = 0;
    int tokens = 0;
    try (SequenceEvaluator evaluator =
        new SequenceEvaluator(ExecutorModels.languageModel(policy), 256, 1)) {
      for (float[] logprobs : evaluator.responseLogprobs(sequences, 1.0)) {
        for (float logprob : logprobs) {
          sum += logprob;
          tokens++;
        }
      }
    }
    return sum / tokens;
  }

  private static List<String> tokens(List<Sequence> sequences) {
    return sequences.stream().map(s -> Arrays.toString(s.tokens())).toList();
  }

  private PpoLayout layout(String name) {
    return new PpoLayout(directory.resolve(name).toString());
  }
}
