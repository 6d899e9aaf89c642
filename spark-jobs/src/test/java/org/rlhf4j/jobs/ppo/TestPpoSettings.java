package org.rlhf4j.jobs.ppo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.rlhf4j.config.ConfigException;
import org.rlhf4j.config.GenerationConfig;
import org.rlhf4j.config.PpoConfig.Algorithm;
import org.rlhf4j.config.PretrainingConfig;
import org.rlhf4j.objective.DpoLoss;

@Tag("spark") // for what its settings stand beside
class TestPpoSettings {
  @Test
  void groupsNeedSeveralResponses() {
    PpoSettings s = ToyRuns.settings(Algorithm.RLOO);
    assertThatThrownBy(
            () ->
                new PpoSettings(
                    s.ppo(),
                    s.objective(),
                    s.trustRegion(),
                    s.pretraining(),
                    s.dpo(),
                    s.optimizer(),
                    s.trainer(),
                    s.lora(),
                    ToyRuns.GENERATION,
                    s.kl(),
                    s.advantages(),
                    s.score(),
                    s.ensemble(),
                    s.data(),
                    s.seed()))
        .isInstanceOf(ConfigException.class)
        .hasMessageStartingWith("generation.samples-per-prompt is 1, but");
  }

  @Test
  void refusesAHorizonThatCouldTurnThePenaltyIntoAReward() {
    assertThatThrownBy(() -> ToyRuns.settings(1, ToyRuns.GENERATION, 0, ToyRuns.RESPONSES / 5.0))
        .isInstanceOf(ConfigException.class)
        .hasMessageStartingWith("kl.horizon must be above 6.4");
  }

  @Test
  void refusesToLearnFromARestrictedDistribution() {
    assertThatThrownBy(
            () -> ToyRuns.settings(1, new GenerationConfig(8, 0, 1, 5, 1, false, 1, 16, List.of())))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("generation.top-k");
    assertThatThrownBy(
            () -> ToyRuns.settings(1, new GenerationConfig(8, 2, 1, 0, 1, false, 1, 16, List.of())))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("min-new-tokens 0");
  }

  @Test
  void pairsAreNotForObjectivesOfTokensOrSingleResponses() {
    PpoSettings s = ToyRuns.settings(Algorithm.ONLINE_DPO);
    assertThat(s.learnerObjective()).isInstanceOf(DpoLoss.class);
    assertThat(s.policyOptimizer().batchSize()).isEqualTo(2); // pairs of 8 responses, 4 a prompt
    assertThatThrownBy(() -> ToyRuns.with(s, 2, new PretrainingConfig(1, 1, "rows")))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("online-dpo learns from pairs");
  }

  @Test
  void theEntropyBonusFallsToNothingAtTheEndOfTheRun() {
    PpoSettings byIterations = ToyRuns.settings(4, ToyRuns.GENERATION);
    assertThat(byIterations.entropyCoefficient(0, 0)).isEqualTo(ToyRuns.ENTROPY_COEFFICIENT);
    assertThat(byIterations.entropyCoefficient(3, 12)).isEqualTo(ToyRuns.ENTROPY_COEFFICIENT / 4);
    PpoSettings bySteps = ToyRuns.settings(4, ToyRuns.GENERATION, 5, ToyRuns.HORIZON);
    assertThat(bySteps.entropyCoefficient(1, 4))
        .isCloseTo(ToyRuns.ENTROPY_COEFFICIENT / 5, within(1e-15));
    assertThat(bySteps.isEnd(1, 4)).isFalse();
    assertThat(bySteps.isEnd(2, 5)).isTrue();
    assertThat(byIterations.isEnd(4, 0)).isTrue();
  }

  @Test
  void maxStepsCutTheSchedule() {
    assertThat(ToyRuns.settings(4, ToyRuns.GENERATION).totalSteps()).isEqualTo(16);
    assertThat(ToyRuns.settings(4, ToyRuns.GENERATION, 6, ToyRuns.HORIZON).totalSteps())
        .isEqualTo(6);
  }
}
