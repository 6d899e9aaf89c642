package org.rlhf4j.jobs.ppo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.rlhf4j.config.JudgeRewardConfig;
import org.rlhf4j.config.JudgeRewardConfig.By;
import org.rlhf4j.config.LabelConfig;
import org.rlhf4j.config.PpoConfig.Algorithm;
import org.rlhf4j.data.dataset.Rollout;
import org.rlhf4j.data.dataset.Score;
import org.rlhf4j.decoder.DecoderHead;
import org.rlhf4j.decoder.DecoderModel;
import org.rlhf4j.hub.ModelDirectory;
import org.rlhf4j.jobs.checkpoint.CheckpointStore;
import org.rlhf4j.jobs.label.JudgeScoreJob;

/** Rewards from a judge, without any reward model. */
@Tag("spark")
class TestPpoJudge {
  private static final double FLOAT_SUMS = 1e-6;
  private static final ObjectMapper JSON = new ObjectMapper();

  @TempDir private Path directory;

  @Test
  void theJudgeScoresAndTheCriticStartsAsThePolicy() throws IOException {
    PpoJob.Inputs toys = ToyRuns.inputs(directory);
    PpoSettings settings = ToyRuns.settings(1, ToyRuns.GENERATION);
    PpoLayout layout = new PpoLayout(directory.resolve("run").toString());
    String critic =
        CriticStart.of(new CheckpointStore(), toys.policy(), layout, settings).orElseThrow();
    JudgeScoreJob judge = judge(toys.policy(), settings);

    PpoJob.Result result =
        ToyRuns.job(settings)
            .scoredBy(Optional.of(judge))
            .execute(new PpoJob.Inputs(toys.policy(), critic, toys.prompts()), layout);

    String again = directory.resolve("again").toString();
    judge.execute(layout.rollouts(1), again);
    List<Score> expected = ToyRuns.DATASETS.read(again, Score.class).collect();
    assertThat(ToyRuns.DATASETS.read(layout.scores(1), Score.class).collect())
        .hasSize(ToyRuns.RESPONSES)
        .containsExactlyInAnyOrderElementsOf(expected);
    double mean = expected.stream().mapToDouble(Score::score).average().orElseThrow();
    assertThat(JSON.readTree(result.metrics().get(0)).get("objective/score").asDouble())
        .isCloseTo(mean, within(FLOAT_SUMS));
    DecoderModel start = ModelDirectory.load(Path.of(critic));
    DecoderModel policy = ModelDirectory.load(Path.of(toys.policy()));
    assertThat(start.head()).isEqualTo(DecoderHead.SCALAR);
    assertThat(start.weights().at(start.layout().entry("transformer.wte.weight").offset()))
        .isEqualTo(policy.weights().at(policy.layout().entry("transformer.wte.weight").offset()));
  }

  @Test
  void aMethodWithoutACriticNeedsNoModelButThePolicy() {
    PpoJob.Inputs toys = ToyRuns.inputs(directory);
    PpoSettings settings = ToyRuns.settings(Algorithm.RLOO);
    PpoLayout layout = new PpoLayout(directory.resolve("run").toString());
    assertThat(CriticStart.of(new CheckpointStore(), toys.policy(), layout, settings)).isEmpty();
    PpoJob.Inputs inputs =
        new PpoJob.Inputs(toys.policy(), Optional.empty(), toys.prompts(), Optional.empty());

    PpoJob.Result result =
        ToyRuns.job(settings)
            .scoredBy(Optional.of(judge(toys.policy(), settings)))
            .execute(inputs, layout);

    assertThat(result.iterations()).isEqualTo(2);
    assertThat(Path.of(layout.criticStart())).doesNotExist();
  }

  /** Of two responses, what the judge prefers has the score that the other lacks. */
  @Test
  void pairsOfFreshSamplesAreJudgedInsideOnlineDpo() throws IOException {
    PpoJob.Inputs toys = ToyRuns.inputs(directory);
    PpoSettings settings = TestOnlineDpo.settings(1);
    PpoLayout layout = new PpoLayout(directory.resolve("run").toString());
    JudgeScoreJob judge =
        new JudgeScoreJob(
            ToyRuns.SPARK,
            ToyRuns.DATASETS,
            new JudgeRewardConfig(toys.policy(), "", List.of("0", "1"), By.PAIRS),
            new LabelConfig(
                "{prompt}|{first}|{second}|", List.of("1", "2"), 0.5, "", "KEY", 0, 1, 0, 10),
            settings.score());
    PpoJob.Inputs inputs =
        new PpoJob.Inputs(toys.policy(), Optional.empty(), toys.prompts(), Optional.empty());

    PpoJob.Result result =
        ToyRuns.job(settings).scoredBy(Optional.of(judge)).execute(inputs, layout);

    Map<String, Double> scores =
        ToyRuns.DATASETS.read(layout.scores(1), Score.class).collect().stream()
            .collect(Collectors.toMap(Score::rolloutId, Score::score));
    Map<String, List<Rollout>> byPrompt =
        ToyRuns.DATASETS.read(layout.rollouts(1), Rollout.class).collect().stream()
            .collect(Collectors.groupingBy(Rollout::promptId));
    assertThat(byPrompt).hasSize(ToyRuns.RESPONSES / 2);
    for (List<Rollout> pair : byPrompt.values()) {
      assertThat(pair).hasSize(2);
      assertThat(scores.get(pair.get(0).rolloutId()))
          .isEqualTo(-scores.get(pair.get(1).rolloutId()));
    }
    assertThat(scores.values()).anyMatch(score -> score > 0);
    assertThat(JSON.readTree(result.metrics().get(0)).get("accuracy").asDouble()).isPositive();
  }

  private static JudgeScoreJob judge(String model, PpoSettings settings) {
    return new JudgeScoreJob(
        ToyRuns.SPARK,
        ToyRuns.DATASETS,
        new JudgeRewardConfig(model, "{prompt}{response}", List.of("0", "1"), By.RESPONSE),
        LabelConfig.DEFAULTS,
        settings.score());
  }
}
