package org.rlhf4j.jobs.ppo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.withinPercentage;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.rlhf4j.config.AdvantagesConfig;
import org.rlhf4j.config.DataConfig;
import org.rlhf4j.config.DpoConfig;
import org.rlhf4j.config.EnsembleConfig;
import org.rlhf4j.config.GenerationConfig;
import org.rlhf4j.config.KlConfig;
import org.rlhf4j.config.KlConfig.Place;
import org.rlhf4j.config.LoraConfig;
import org.rlhf4j.config.OptimizerConfig;
import org.rlhf4j.config.PolicyObjectiveConfig;
import org.rlhf4j.config.PolicyObjectiveConfig.EntropySchedule;
import org.rlhf4j.config.PpoConfig;
import org.rlhf4j.config.PpoConfig.Algorithm;
import org.rlhf4j.config.PretrainingConfig;
import org.rlhf4j.config.ScoreConfig;
import org.rlhf4j.config.TrainerConfig;
import org.rlhf4j.config.TrustRegionConfig;
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

  /**
   * How long and how fast a policy learns.
   *
   * @param responses of an iteration, one minibatch of them
   * @param entropyCoefficient keeps a policy without KL penalty from settling on the first good
   *     response it finds
   */
  private record Schedule(
      int iterations,
      int responses,
      int epochs,
      double policyRate,
      double criticRate,
      double entropyCoefficient,
      boolean whiten,
      EntropySchedule entropySchedule) {

    Schedule(
        int iterations,
        int responses,
        int epochs,
        double policyRate,
        double criticRate,
        double entropyCoefficient,
        boolean whiten) {
      this(
          iterations,
          responses,
          epochs,
          policyRate,
          criticRate,
          entropyCoefficient,
          whiten,
          EntropySchedule.CONSTANT);
    }

    /** With a bonus that falls to 0. */
    static Schedule annealed(
        int iterations,
        int responses,
        int epochs,
        double policyRate,
        double criticRate,
        double bonus) {
      return new Schedule(
          iterations,
          responses,
          epochs,
          policyRate,
          criticRate,
          bonus,
          true,
          EntropySchedule.LINEAR);
    }

    /** A policy without KL penalty has far to go, one that follows a falling bonus has time. */
    double trustRegion() {
      return entropyCoefficient > 0 && entropySchedule == EntropySchedule.CONSTANT ? 0.01 : 0.001;
    }

    static final Schedule REGULARISED = new Schedule(300, 128, 4, 0.05, 0.1, 0, true);
    static final Schedule LOOSE = new Schedule(1000, 256, 4, 0.05, 0.1, 0.05, true);

    /**
     * Whitened advantages do not shrink as the policy settles; no bonus outweighs them for long.
     */
    static final Schedule LOOSE_UNWHITENED = new Schedule(1000, 256, 4, 0.05, 0.1, 0.05, false);

    /** The critic has to be ahead of the policy. */
    static final Schedule LOOSE_WITH_CRITIC_OF_ACTIONS =
        new Schedule(1000, 256, 4, 0.05, 0.2, 0.1, false);

    static final Schedule LOOSE_AND_CLIPPED = new Schedule(300, 256, 4, 0.05, 0.1, 0.05, true);

    /** Its steps do not shrink as the policy settles, so that it settles early. */
    static final Schedule LOOSE_IN_A_TRUST_REGION = new Schedule(300, 256, 4, 0.05, 0.1, 0.2, true);

    /** Not whitened, so that beta is per unit of the score. */
    static final Schedule PENALTY_IN_THE_LOSS = new Schedule(300, 512, 4, 0.05, 0.1, 0, false);

    /** A rate at which an iteration does not jump over a target. */
    static final Schedule ADAPTIVE = new Schedule(200, 128, 2, 0.003, 0.01, 0, true);

    /**
     * At a higher rate what all prefixes share moves so fast that responses are no longer sampled
     * before it is known what they are worth.
     */
    static final Schedule TRANSFORMER = new Schedule(600, 512, 2, 0.002, 0.003, 0, true);

    /** As many steps for methods with one to an iteration. */
    static final Schedule TRANSFORMER_IN_ONE_PASS =
        new Schedule(1200, 512, 2, 0.002, 0.003, 0, true);

    /**
     * The critic, ten times as fast, follows a policy half as fast: it holds the penalty, which
     * changes with the policy.
     */
    static final Schedule TRANSFORMER_WITH_CRITIC_OF_ACTIONS =
        new Schedule(2400, 512, 8, 0.0005, 0.005, 0, true);

    /** Steps as long as the trust region at the end, too: responses are what averages them. */
    static final Schedule TRANSFORMER_IN_A_TRUST_REGION =
        new Schedule(300, 2048, 4, 0.002, 0.005, 0, true);

    /** The bonus is as large as the advantages at first. */
    static final Schedule ANNEALED = annealed(1200, 512, 2, 0.002, 0.003, 1);

    static final Schedule ANNEALED_AT_HALF_THE_RATE = annealed(1200, 512, 2, 0.001, 0.003, 1);
    static final Schedule ANNEALED_WITH_CRITIC_OF_ACTIONS =
        annealed(1200, 512, 8, 0.0015, 0.003, 1);

    /** Responses are what averages steps that do not shrink, here too. */
    static final Schedule ANNEALED_IN_A_TRUST_REGION = annealed(800, 2048, 4, 0.002, 0.005, 1);
  }

  @ParameterizedTest
  @EnumSource(value = Algorithm.class, mode = EnumSource.Mode.EXCLUDE, names = "ONLINE_DPO")
  void tableReachesTheRegularisedOptimum(Algorithm algorithm) {
    for (int seed = FIRST_SEED; seed < FIRST_SEED + SEEDS; seed++) {
      PpoSettings settings =
          settings(algorithm, kl(BETA, Place.REWARD), Schedule.REGULARISED, seed);
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
    Schedule schedule =
        switch (algorithm) {
          case REINFORCE -> Schedule.LOOSE_UNWHITENED;
          case ACTOR_CRITIC_Q -> Schedule.LOOSE_WITH_CRITIC_OF_ACTIONS;
          case PPO, PPO_KL, GRPO -> Schedule.LOOSE_AND_CLIPPED;
          case TRPO -> Schedule.LOOSE_IN_A_TRUST_REGION;
          default -> Schedule.LOOSE;
        };
    for (int seed = FIRST_SEED; seed < FIRST_SEED + SEEDS; seed++) {
      PpoSettings settings = settings(algorithm, kl(UNREGULARISED, Place.REWARD), schedule, seed);
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
          settings(algorithm, kl(BETA, Place.LOSS), Schedule.PENALTY_IN_THE_LOSS, seed);
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
    Schedule schedule =
        switch (algorithm) {
          case REINFORCE, RLOO, A2C -> Schedule.TRANSFORMER_IN_ONE_PASS;
          case ACTOR_CRITIC_Q -> Schedule.TRANSFORMER_WITH_CRITIC_OF_ACTIONS;
          case TRPO -> Schedule.TRANSFORMER_IN_A_TRUST_REGION;
          default -> Schedule.TRANSFORMER;
        };
    for (int seed = FIRST_SEED; seed < FIRST_SEED + SEEDS; seed++) {
      PpoSettings settings =
          settings(algorithm, kl(BETA_OF_TRANSFORMER, Place.REWARD), schedule, seed);
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
    Schedule schedule =
        switch (algorithm) {
          case PPO_KL -> Schedule.ANNEALED_AT_HALF_THE_RATE;
          case ACTOR_CRITIC_Q -> Schedule.ANNEALED_WITH_CRITIC_OF_ACTIONS;
          case TRPO -> Schedule.ANNEALED_IN_A_TRUST_REGION;
          default -> Schedule.ANNEALED;
        };
    for (int seed = FIRST_SEED; seed < FIRST_SEED + SEEDS; seed++) {
      PpoSettings settings = settings(algorithm, kl(UNREGULARISED, Place.REWARD), schedule, seed);
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
      PpoSettings settings = settings(Algorithm.PPO, kl, Schedule.ADAPTIVE, seed);
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

  private static PpoSettings settings(
      Algorithm algorithm, KlConfig kl, Schedule schedule, long seed) {
    OptimizerConfig optimizer =
        new OptimizerConfig(
            schedule.epochs(),
            0,
            schedule.responses(),
            schedule.policyRate(),
            OptimizerConfig.Schedule.LINEAR,
            0,
            OptimizerConfig.Updater.ADAM,
            1e-5,
            0,
            1);
    PpoConfig ppo =
        new PpoConfig(
            algorithm,
            schedule.iterations(),
            schedule.responses(),
            0,
            0,
            1.0,
            0.95,
            0,
            schedule.criticRate(),
            1);
    return new PpoSettings(
        ppo,
        new PolicyObjectiveConfig(
            PolicyObjectiveConfig.Objective.AUTO,
            0.2,
            0,
            1,
            0.01,
            schedule.entropyCoefficient(),
            schedule.entropySchedule(),
            PolicyObjectiveConfig.Aggregation.TOKENS),
        new TrustRegionConfig(schedule.trustRegion(), 1e-3, 10, 10),
        PretrainingConfig.DEFAULTS,
        DpoConfig.DEFAULTS,
        optimizer,
        TrainerConfig.DEFAULTS,
        LoraConfig.DEFAULTS,
        new GenerationConfig(EnumerableTask.LENGTH, 0, 1, 0, 1, false, 4, 256, List.of()),
        kl,
        new AdvantagesConfig(
            AdvantagesConfig.Estimator.AUTO,
            AdvantagesConfig.Baseline.MOVING_AVERAGE,
            0.9,
            schedule.whiten(),
            false,
            false,
            0),
        new ScoreConfig(ScoreConfig.MissingEnd.NONE, 0),
        EnsembleConfig.DEFAULTS,
        DataConfig.DEFAULTS,
        seed);
  }
}
