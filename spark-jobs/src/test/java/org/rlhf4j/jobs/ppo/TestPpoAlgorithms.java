package org.rlhf4j.jobs.ppo;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.rlhf4j.config.PpoConfig.Algorithm;
import org.rlhf4j.config.TrustRegionConfig;
import org.rlhf4j.metrics.Metric;

/** Each of the usual pairs of an estimator and an objective in the loop. */
@Tag("spark")
class TestPpoAlgorithms {
  private static final ObjectMapper JSON = new ObjectMapper();

  @TempDir private static Path models;
  private static PpoJob.Inputs inputs;

  @TempDir private Path directory;

  @BeforeAll
  static void makeModels() {
    inputs = ToyRuns.inputs(models);
  }

  /**
   * Each usual pair takes its two iterations, and goes on after a kill as if nothing had happened.
   */
  @ParameterizedTest
  @EnumSource(
      value = Algorithm.class,
      mode = EnumSource.Mode.EXCLUDE,
      names = {"PPO", "ONLINE_DPO"})
  void everyAlgorithmGoesOnAfterAKill(Algorithm algorithm) throws IOException {
    PpoJob job = ToyRuns.job(ToyRuns.settings(algorithm));
    PpoLayout whole = layout("whole");
    PpoJob.Result result = job.execute(inputs, whole);
    PpoLayout killed = layout("killed");
    ToyRuns.copy(whole, killed, "checkpoints/policy/00001");
    boolean hasCritic = ToyRuns.settings(algorithm).hasCritic();
    if (hasCritic) {
      ToyRuns.copy(whole, killed, "checkpoints/critic/00001");
    }
    PpoJob.Result resumed = job.execute(inputs, killed);

    assertThat(resumed.resumedAfter()).isEqualTo(1);
    assertThat(ToyRuns.weights(resumed.policy())).isEqualTo(ToyRuns.weights(result.policy()));
    assertThat(ToyRuns.withoutTimes(resumed.metrics()))
        .isEqualTo(ToyRuns.withoutTimes(result.metrics()));
    JsonNode last = JSON.readTree(result.metrics().get(1));
    assertThat(last.get("policy/ratio-deviation").asDouble()).isLessThan(1e-5);
    assertThat(last.has("value/loss")).isEqualTo(hasCritic);
    assertThat(last.has("advantages/baseline")).isEqualTo(algorithm == Algorithm.REINFORCE);
    assertThat(last.has("policy/old-kl-coefficient")).isEqualTo(algorithm == Algorithm.PPO_KL);
    assertThat(last.fieldNames())
        .toIterable()
        .allMatch(name -> name.equals("step") || Metric.named(name).isPresent());
    assertThat(last.path("policy/entropy-coefficient").asDouble())
        .isEqualTo(algorithm == Algorithm.ONLINE_DPO ? 0 : ToyRuns.ENTROPY_COEFFICIENT / 2);
    assertThat(last.has("policy/step-share")).isEqualTo(algorithm == Algorithm.TRPO);
    if (algorithm == Algorithm.TRPO) {
      assertThat(last.get("policy/step-share").asDouble()).isPositive();
      assertThat(last.get("policy/old-kl").asDouble())
          .isPositive()
          .isLessThanOrEqualTo(TrustRegionConfig.DEFAULTS.radius());
    }
    boolean isOnePass = ToyRuns.settings(algorithm).policyEpochs() == 1;
    assertThat(last.get("policy/epochs").asInt()).isEqualTo(isOnePass ? 1 : 2);
  }

  private PpoLayout layout(String name) {
    return new PpoLayout(directory.resolve(name).toString());
  }
}
