package org.rlhf4j.jobs.ppo;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.rlhf4j.config.AdvantagesConfig;
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
import org.rlhf4j.decoder.DecoderHead;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Methods against the optimum that enumeration gives. One seed by default; {@code
 * -Doptimum.seeds=5} for the long version.
 */
class TestExactOptimum {
  private static final Logger LOG = LoggerFactory.getLogger(TestExactOptimum.class);
  private static final int SEEDS = Integer.getInteger("optimum.seeds", 1);
  private static final int ITERATIONS = 200;
  private static final int RESPONSES = 128;
  private static final double BETA = 0.25;
  private static final double UNREGULARISED = 0;
  private static final double TRANSFORMER_RATE = 0.01;
  private static final double TABLE_RATE = 0.1;

  /** Share of what is between reference and optimum. */
  private static final double ATTAINED = 0.98;

  /**
   * In the short version the cheapest of each objective. A critic of actions is as good as its fit:
   * that algorithm stays below (see its page).
   */
  static Stream<Algorithm> algorithms() {
    return SEEDS > 1
        ? Stream.of(Algorithm.values()).filter(a -> a != Algorithm.ACTOR_CRITIC_Q)
        : Stream.of(Algorithm.RLOO, Algorithm.GRPO);
  }

  @ParameterizedTest
  @MethodSource("algorithms")
  void transformerReachesTheRegularisedOptimum(Algorithm algorithm) {
    for (int seed = 1; seed <= SEEDS; seed++) {
      assertThat(transformer(algorithm, BETA, seed)).as("seed %d", seed).isGreaterThan(ATTAINED);
    }
  }

  @ParameterizedTest
  @MethodSource("algorithms")
  void transformerReachesTheBestScore(Algorithm algorithm) {
    for (int seed = 1; seed <= SEEDS; seed++) {
      assertThat(transformer(algorithm, UNREGULARISED, seed))
          .as("seed %d", seed)
          .isGreaterThan(ATTAINED);
    }
  }

  @Test
  void tableReachesTheRegularisedOptimum() {
    for (int seed = 1; seed <= SEEDS; seed++) {
      EnumerableTask task = new EnumerableTask(seed);
      PpoSettings settings = settings(Algorithm.RLOO, BETA, seed);
      long steps = settings.totalSteps();
      OptimumPolicy table =
          new OptimumPolicy.Tabular(task, settings.policyObjective(), TABLE_RATE, steps, seed);
      assertThat(attained("table", task, settings, table))
          .as("seed %d", seed)
          .isGreaterThan(ATTAINED);
    }
  }

  private static double transformer(Algorithm algorithm, double beta, long seed) {
    PpoSettings settings = settings(algorithm, beta, seed);
    OptimumPolicy policy =
        new OptimumPolicy.Transformer(
            DecoderHead.LANGUAGE_MODEL,
            settings.policyObjective(),
            TRANSFORMER_RATE,
            settings.totalSteps(),
            seed);
    return attained("transformer", new EnumerableTask(seed), settings, policy);
  }

  private static double attained(
      String name, EnumerableTask task, PpoSettings settings, OptimumPolicy policy) {
    try (policy;
        OptimumRun run = new OptimumRun(task, settings, policy)) {
      double attained = run.run();
      LOG.info(
          "{} {}, beta {}, seed {}: {} of the optimum",
          name,
          settings.ppo().algorithm(),
          settings.kl().coefficient(),
          settings.seed(),
          attained);
      return attained;
    }
  }

  private static PpoSettings settings(Algorithm algorithm, double beta, long seed) {
    OptimizerConfig optimizer =
        new OptimizerConfig(
            2,
            0,
            RESPONSES,
            TRANSFORMER_RATE,
            OptimizerConfig.Schedule.LINEAR,
            0,
            OptimizerConfig.Updater.ADAM,
            1e-5,
            0,
            1);
    return new PpoSettings(
        new PpoConfig(algorithm, ITERATIONS, RESPONSES, 0, 0, 1.0, 0.95, 0, 0, 1),
        PolicyObjectiveConfig.DEFAULTS,
        optimizer,
        TrainerConfig.DEFAULTS,
        LoraConfig.DEFAULTS,
        new GenerationConfig(EnumerableTask.LENGTH, 0, 1, 0, 1, false, 4, 256, List.of()),
        new KlConfig(
            beta,
            KlConfig.Controller.FIXED,
            6,
            10000,
            KlConfig.Estimator.K1,
            KlConfig.Place.REWARD),
        AdvantagesConfig.DEFAULTS,
        new ScoreConfig(ScoreConfig.MissingEnd.NONE, 0),
        DataConfig.DEFAULTS,
        seed);
  }
}
