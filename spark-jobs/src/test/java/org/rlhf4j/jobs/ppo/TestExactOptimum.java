package org.rlhf4j.jobs.ppo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.withinPercentage;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.rlhf4j.config.KlConfig;
import org.rlhf4j.config.KlConfig.Place;
import org.rlhf4j.config.PpoConfig.Algorithm;
import org.rlhf4j.decoder.DecoderHead;
import org.rlhf4j.objective.DpoLoss;
import org.rlhf4j.objective.IpoLoss;
import org.rlhf4j.objective.Objective;
import org.rlhf4j.objective.ValueLoss;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Methods against the optimum that enumeration gives, with a table and with a transformer for a
 * policy. {@code -Doptimum.seeds=5} for the long version, {@code -Doptimum.first-seed=6} for seeds
 * that no setting was chosen on.
 */
class TestExactOptimum {
  private static final Logger LOG = LoggerFactory.getLogger(TestExactOptimum.class);
  private static final int SEEDS = Integer.getInteger("optimum.seeds", 1);
  private static final int FIRST_SEED = Integer.getInteger("optimum.first-seed", 1);
  private static final double BETA = 0.5;
  private static final double BETA_OF_TRANSFORMER = 1;
  private static final double UNREGULARISED = 0;

  /** Share of what is between reference and optimum. */
  private static final double ATTAINED = 0.98;

  private static final double ATTAINED_FROM_PREFERENCES = 0.95;

  /** Iterations in which the controller finds its coefficient. */
  private static final int WARM_UP = 100;

  private static final double HELD_PERCENT = 20;

  private static final double START = 0.3;

  @ParameterizedTest
  @EnumSource(value = Algorithm.class, mode = EnumSource.Mode.EXCLUDE, names = "ONLINE_DPO")
  void tableReachesTheRegularisedOptimum(Algorithm algorithm) {
    for (int seed = FIRST_SEED; seed < FIRST_SEED + SEEDS; seed++) {
      PpoSettings settings =
          OptimumSchedule.REGULARISED.settings(algorithm, kl(BETA, Place.REWARD), seed);
      assertThat(table(settings)).as("seed %d", seed).isGreaterThan(ATTAINED);
    }
  }

  static Stream<Algorithm> unregularised() {
    return SEEDS > 1
        ? Stream.of(Algorithm.values()).filter(algorithm -> algorithm != Algorithm.ONLINE_DPO)
        : Stream.of(Algorithm.PPO, Algorithm.RLOO);
  }

  @ParameterizedTest
  @MethodSource("unregularised")
  void tableReachesTheBestScore(Algorithm algorithm) {
    OptimumSchedule schedule =
        switch (algorithm) {
          case REINFORCE -> OptimumSchedule.LOOSE_UNWHITENED;
          case ACTOR_CRITIC_Q -> OptimumSchedule.LOOSE_WITH_CRITIC_OF_ACTIONS;
          case PPO, PPO_KL, GRPO -> OptimumSchedule.LOOSE_AND_CLIPPED;
          case TRPO -> OptimumSchedule.LOOSE_IN_A_TRUST_REGION;
          default -> OptimumSchedule.LOOSE;
        };
    for (int seed = FIRST_SEED; seed < FIRST_SEED + SEEDS; seed++) {
      PpoSettings settings = schedule.settings(algorithm, kl(UNREGULARISED, Place.REWARD), seed);
      assertThat(table(settings)).as("seed %d", seed).isGreaterThan(ATTAINED);
    }
  }

  static Stream<Algorithm> penalisedInTheLoss() {
    return SEEDS > 1 ? Stream.of(Algorithm.PPO, Algorithm.RLOO) : Stream.of(Algorithm.RLOO);
  }

  /** K1 alone: the other estimators in the loss are about single tokens. */
  @ParameterizedTest
  @MethodSource("penalisedInTheLoss")
  void tableReachesTheOptimumWithThePenaltyInTheLoss(Algorithm algorithm) {
    for (int seed = FIRST_SEED; seed < FIRST_SEED + SEEDS; seed++) {
      PpoSettings settings =
          OptimumSchedule.PENALTY_IN_THE_LOSS.settings(algorithm, kl(BETA, Place.LOSS), seed);
      assertThat(table(settings)).as("seed %d", seed).isGreaterThan(ATTAINED);
    }
  }

  static Stream<Algorithm> ofTransformers() {
    return SEEDS > 1
        ? Stream.of(Algorithm.values()).filter(algorithm -> algorithm != Algorithm.ONLINE_DPO)
        : Stream.of(Algorithm.GRPO);
  }

  @ParameterizedTest
  @MethodSource("ofTransformers")
  void transformerReachesTheRegularisedOptimum(Algorithm algorithm) {
    OptimumSchedule schedule =
        switch (algorithm) {
          case REINFORCE, RLOO, A2C -> OptimumSchedule.TRANSFORMER_IN_ONE_PASS;
          case ACTOR_CRITIC_Q -> OptimumSchedule.TRANSFORMER_WITH_CRITIC_OF_ACTIONS;
          case TRPO -> OptimumSchedule.TRANSFORMER_IN_A_TRUST_REGION;
          default -> OptimumSchedule.TRANSFORMER;
        };
    for (int seed = FIRST_SEED; seed < FIRST_SEED + SEEDS; seed++) {
      PpoSettings settings =
          schedule.settings(algorithm, kl(BETA_OF_TRANSFORMER, Place.REWARD), seed);
      assertThat(transformer(settings)).as("seed %d", seed).isGreaterThan(ATTAINED);
    }
  }

  static Stream<Algorithm> annealed() {
    return SEEDS > 1 ? ofTransformers() : Stream.of(Algorithm.RLOO);
  }

  /** With a constant bonus, or none, a prompt may stay at its second best response. */
  @ParameterizedTest
  @MethodSource("annealed")
  void transformerReachesTheBestScore(Algorithm algorithm) {
    OptimumSchedule schedule =
        switch (algorithm) {
          case PPO_KL -> OptimumSchedule.ANNEALED_AT_HALF_THE_RATE;
          case ACTOR_CRITIC_Q -> OptimumSchedule.ANNEALED_WITH_CRITIC_OF_ACTIONS;
          case TRPO -> OptimumSchedule.ANNEALED_IN_A_TRUST_REGION;
          default -> OptimumSchedule.ANNEALED;
        };
    for (int seed = FIRST_SEED; seed < FIRST_SEED + SEEDS; seed++) {
      PpoSettings settings = schedule.settings(algorithm, kl(UNREGULARISED, Place.REWARD), seed);
      assertThat(transformer(settings)).as("seed %d", seed).isGreaterThan(ATTAINED);
    }
  }

  static Stream<Double> targets() {
    return SEEDS > 1 ? Stream.of(0.25, 0.5, 1.0) : Stream.of(0.5);
  }

  /**
   * From a coefficient that is not right for any of them, over 200 iterations, and no number is
   * lost on the way.
   */
  @ParameterizedTest
  @MethodSource("targets")
  void theAdaptivePenaltyHoldsItsTarget(double target) {
    KlConfig kl =
        new KlConfig(
            START, KlConfig.Controller.ADAPTIVE, target, 500, KlConfig.Estimator.K1, Place.REWARD);
    for (int seed = FIRST_SEED; seed < FIRST_SEED + SEEDS; seed++) {
      PpoSettings settings = OptimumSchedule.ADAPTIVE.settings(Algorithm.PPO, kl, seed);
      List<Double> trace = klOfTransformer(settings);
      List<Double> settled = trace.subList(WARM_UP, trace.size());
      LOG.info("adaptive KL, target {}, seed {}: {}", target, seed, trace);
      assertThat(settled).as("seed %d", seed).allMatch(Double::isFinite);
      double mean = settled.stream().mapToDouble(Double::doubleValue).average().orElseThrow();
      assertThat(mean).as("seed %d", seed).isCloseTo(target, withinPercentage(HELD_PERCENT));
    }
  }

  /** What learns from preferences. */
  private enum Learner {
    TABLE(0.1, 128, BETA),
    TRANSFORMER(0.003, 256, BETA_OF_TRANSFORMER);

    private static final int STEPS = 3000;

    private final double rate;
    private final int pairs;
    private final double beta;

    Learner(double rate, int pairs, double beta) {
      this.rate = rate;
      this.pairs = pairs;
      this.beta = beta;
    }

    OptimumPolicy policy(EnumerableTask task, Objective loss, long seed) {
      return this == TABLE
          ? new OptimumTable(task, loss, rate, STEPS, seed)
          : new OptimumTransformer(task, DecoderHead.LANGUAGE_MODEL, loss, rate, STEPS, seed);
    }
  }

  @ParameterizedTest
  @EnumSource
  void dpoReachesTheOptimumFromPreferences(Learner learner) {
    for (int seed = FIRST_SEED; seed < FIRST_SEED + SEEDS; seed++) {
      EnumerableTask task = new EnumerableTask(seed);
      try (OptimumPolicy policy = learner.policy(task, new DpoLoss(learner.beta, 0), seed)) {
        OptimumPreferences preferences =
            new OptimumPreferences(task, policy, OptimumPreferences.Pairs.UNIFORM, seed);
        preferences.train(Learner.STEPS, learner.pairs);
        double attained = preferences.attained(task.scores(), learner.beta);
        LOG.info(
            "{} dpo, beta {}, seed {}: {} of the optimum", learner, learner.beta, seed, attained);
        assertThat(attained).as("seed %d", seed).isGreaterThan(ATTAINED_FROM_PREFERENCES);
      }
    }
  }

  /** Judged in its own objective: the probability of being preferred to the reference. */
  @ParameterizedTest
  @EnumSource
  void ipoReachesTheOptimumFromPreferences(Learner learner) {
    double tau = 0.1;
    IpoLoss loss = new IpoLoss(tau, IpoLoss.Normalization.SUM);
    for (int seed = FIRST_SEED; seed < FIRST_SEED + SEEDS; seed++) {
      EnumerableTask task = new EnumerableTask(seed);
      try (OptimumPolicy policy = learner.policy(task, loss, seed)) {
        OptimumPreferences preferences =
            new OptimumPreferences(task, policy, OptimumPreferences.Pairs.OF_THE_REFERENCE, seed);
        double[] winRates = preferences.winRates();
        preferences.train(Learner.STEPS, learner.pairs);
        double attained = preferences.attained(winRates, tau);
        LOG.info("{} ipo, tau {}, seed {}: {} of the optimum", learner, tau, seed, attained);
        assertThat(attained).as("seed %d", seed).isGreaterThan(ATTAINED_FROM_PREFERENCES);
      }
    }
  }

  private static double table(PpoSettings settings) {
    EnumerableTask task = new EnumerableTask(settings.seed());
    return attained(
        "table",
        task,
        settings,
        new OptimumTable(
            task,
            settings.policyObjective(),
            settings.policyOptimizer().learningRate(),
            settings.totalSteps(),
            settings.seed()),
        new OptimumCritic.Tabular(
            task,
            new ValueLoss(0),
            settings.criticOptimizer().learningRate(),
            settings.criticSteps()));
  }

  private static List<Double> klOfTransformer(PpoSettings settings) {
    EnumerableTask task = new EnumerableTask(settings.seed());
    try (OptimumPolicy policy = transformerPolicy(settings);
        OptimumCritic critic = transformerCritic(settings)) {
      return new OptimumRun(task, settings, policy, critic).klByIteration();
    }
  }

  private static double transformer(PpoSettings settings) {
    return attained(
        "transformer",
        new EnumerableTask(settings.seed()),
        settings,
        transformerPolicy(settings),
        transformerCritic(settings));
  }

  private static OptimumPolicy transformerPolicy(PpoSettings settings) {
    return new OptimumTransformer(
        new EnumerableTask(settings.seed()),
        DecoderHead.LANGUAGE_MODEL,
        settings.policyObjective(),
        settings.policyOptimizer().learningRate(),
        settings.totalSteps(),
        settings.seed());
  }

  private static OptimumCritic transformerCritic(PpoSettings settings) {
    return new OptimumTransformer(
        new EnumerableTask(settings.seed()),
        DecoderHead.SCALAR,
        new ValueLoss(0),
        settings.criticOptimizer().learningRate(),
        settings.criticSteps(),
        settings.seed());
  }

  private static double attained(
      String name,
      EnumerableTask task,
      PpoSettings settings,
      OptimumPolicy policy,
      OptimumCritic critic) {
    try (policy;
        critic) {
      double attained = new OptimumRun(task, settings, policy, critic).run();
      LOG.info(
          "{} {}, beta {} in the {}, seed {}: {} of the optimum",
          name,
          settings.ppo().algorithm(),
          settings.kl().coefficient(),
          settings.kl().place(),
          settings.seed(),
          attained);
      return attained;
    }
  }

  private static KlConfig kl(double beta, Place place) {
    return new KlConfig(beta, KlConfig.Controller.FIXED, 6, 10000, KlConfig.Estimator.K1, place);
  }
}
