package org.rlhf4j.jobs.ppo;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.rlhf4j.config.AdvantagesConfig;
import org.rlhf4j.config.DpoConfig;
import org.rlhf4j.config.PolicyObjectiveConfig;
import org.rlhf4j.config.PpoConfig;
import org.rlhf4j.config.PpoConfig.Algorithm;
import org.rlhf4j.data.dataset.FinishReason;
import org.rlhf4j.data.dataset.Prompt;
import org.rlhf4j.data.dataset.Rollout;
import org.rlhf4j.data.dataset.Score;
import org.rlhf4j.dl4j.TrainingExample;

/** Preference optimisation in the on-policy loop. */
@Tag("spark")
class TestOnlineDpo {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int ITERATIONS = 5;

  /** Scores are between -1 and 1; a policy that learns nothing stays within 0.1. */
  private static final double LEARNED = 0.25;

  @TempDir private Path directory;

  static PpoSettings settings(int iterations) {
    PpoSettings like = ToyRuns.settings(iterations, ToyRuns.generation(2));
    return new PpoSettings(
        new PpoConfig(
            Algorithm.ONLINE_DPO, iterations, ToyRuns.RESPONSES, 16, 0.2, 1.0, 0.95, 0, 0, 9),
        PolicyObjectiveConfig.DEFAULTS,
        like.trustRegion(),
        like.pretraining(),
        DpoConfig.DEFAULTS,
        like.optimizer(),
        like.trainer(),
        like.lora(),
        like.generation(),
        like.kl(),
        AdvantagesConfig.DEFAULTS,
        like.score(),
        like.ensemble(),
        like.data(),
        like.seed());
  }

  private PpoLayout layout(String name) {
    return new PpoLayout(directory.resolve(name).toString());
  }

  @Test
  void scoresRiseAndAKilledRunEndsTheSame() throws IOException {
    PpoJob.Inputs inputs = ToyRuns.inputs(directory);
    PpoLayout whole = layout("whole");
    PpoJob.Result result = ToyRuns.job(settings(ITERATIONS)).execute(inputs, whole);
    JsonNode first = JSON.readTree(result.metrics().get(0));
    JsonNode last = JSON.readTree(result.metrics().get(ITERATIONS - 1));
    assertThat(last.get("objective/score").asDouble())
        .isGreaterThan(first.get("objective/score").asDouble() + LEARNED);
    assertThat(last.get("rewards/margin").asDouble()).isPositive();
    assertThat(last.has("policy/ratio-max")).isFalse();
    assertThat(ToyRuns.DATASETS.isPublished(whole.scores(1))).isTrue();
    assertThat(Path.of(whole.experience(1))).doesNotExist();

    PpoLayout killed = layout("killed");
    ToyRuns.copy(whole, killed, "checkpoints/policy/0000" + (ITERATIONS - 1));
    PpoJob.Result resumed = ToyRuns.job(settings(ITERATIONS)).execute(inOneFile(inputs), killed);
    assertThat(resumed.resumedAfter()).isEqualTo(ITERATIONS - 1);
    assertThat(ToyRuns.weights(resumed.policy())).isEqualTo(ToyRuns.weights(result.policy()));
  }

  /** The same prompts in another partitioning. */
  private PpoJob.Inputs inOneFile(PpoJob.Inputs inputs) {
    String prompts = directory.resolve("prompts-in-one").toString();
    ToyRuns.DATASETS.publish(
        prompts,
        Prompt.class,
        ToyRuns.DATASETS.read(inputs.prompts(), Prompt.class).coalesce(1),
        "test",
        List.of());
    return new PpoJob.Inputs(inputs.policy(), inputs.rewardModel().orElseThrow(), prompts);
  }

  private static Rollout rollout(String id, String prompt, int token) {
    return new Rollout(
        id,
        prompt,
        "text",
        "response",
        new int[] {1, 2},
        new int[] {token, 9},
        new float[] {-1, -2},
        Optional.of(new float[] {-token, -0.5f}),
        Optional.empty(),
        FinishReason.STOP,
        0);
  }

  private static Score score(String id, double score) {
    return new Score(id, score, score, Optional.empty());
  }

  @Test
  void eachPromptGivesItsBestAgainstItsWorst() {
    List<Rollout> rollouts =
        new ArrayList<>(
            List.of(
                rollout("a", "p", 3),
                rollout("b", "p", 4),
                rollout("c", "p", 5),
                rollout("d", "tied", 6),
                rollout("e", "tied", 7)));
    List<Score> scores =
        List.of(score("c", 0.5), score("a", 1), score("b", -1), score("d", 2), score("e", 2));
    for (int partitions : List.of(1, 3, 7)) {
      Collections.reverse(rollouts);
      List<TrainingExample> examples =
          PreferenceExamples.of(
                  ToyRuns.CONTEXT.parallelize(rollouts, partitions),
                  ToyRuns.CONTEXT.parallelize(scores, partitions),
                  List.of("weight", "ref_logprob"))
              .collect();
      assertThat(examples).hasSize(1);
      assertThat(examples.get(0).id()).isEqualTo("a>b");
      TrainingExample.Sequence chosen = examples.get(0).sequences().get(0);
      TrainingExample.Sequence rejected = examples.get(0).sequences().get(1);
      assertThat(chosen.tokens()).containsExactly(1, 2, 3, 9);
      assertThat(chosen.targets()).containsExactly(2, 3);
      assertThat(chosen.channels()[0]).containsExactly(1, 1);
      assertThat(chosen.channels()[1]).containsExactly(-3, -0.5f);
      assertThat(rejected.tokens()).containsExactly(1, 2, 4, 9);
      assertThat(rejected.channels()[1]).containsExactly(-4, -0.5f);
    }
  }
}
