package org.rlhf4j.jobs.ppo;

import java.util.List;
import org.rlhf4j.config.AdvantagesConfig;
import org.rlhf4j.config.DataConfig;
import org.rlhf4j.config.DpoConfig;
import org.rlhf4j.config.EnsembleConfig;
import org.rlhf4j.config.GenerationConfig;
import org.rlhf4j.config.KlConfig;
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

/**
 * How long and how fast a policy learns.
 *
 * @param responses of an iteration, one minibatch of them
 * @param entropyCoefficient keeps a policy without KL penalty from settling on the first good
 *     response it finds
 */
record OptimumSchedule(
    int iterations,
    int responses,
    int epochs,
    double policyRate,
    double criticRate,
    double entropyCoefficient,
    boolean whiten,
    EntropySchedule entropySchedule) {

  OptimumSchedule(
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
  static OptimumSchedule annealed(
      int iterations,
      int responses,
      int epochs,
      double policyRate,
      double criticRate,
      double bonus) {
    return new OptimumSchedule(
        iterations, responses, epochs, policyRate, criticRate, bonus, true, EntropySchedule.LINEAR);
  }

  /** A policy without KL penalty has far to go, one that follows a falling bonus has time. */
  double trustRegion() {
    return entropyCoefficient > 0 && entropySchedule == EntropySchedule.CONSTANT ? 0.01 : 0.001;
  }

  static final OptimumSchedule REGULARISED = new OptimumSchedule(300, 128, 4, 0.05, 0.1, 0, true);
  static final OptimumSchedule LOOSE = new OptimumSchedule(1000, 256, 4, 0.05, 0.1, 0.05, true);

  /** Whitened advantages do not shrink as the policy settles; no bonus outweighs them for long. */
  static final OptimumSchedule LOOSE_UNWHITENED =
      new OptimumSchedule(1000, 256, 4, 0.05, 0.1, 0.05, false);

  /** The critic has to be ahead of the policy. */
  static final OptimumSchedule LOOSE_WITH_CRITIC_OF_ACTIONS =
      new OptimumSchedule(1000, 256, 4, 0.05, 0.2, 0.1, false);

  static final OptimumSchedule LOOSE_AND_CLIPPED =
      new OptimumSchedule(300, 256, 4, 0.05, 0.1, 0.05, true);

  /** Its steps do not shrink as the policy settles, so that it settles early. */
  static final OptimumSchedule LOOSE_IN_A_TRUST_REGION =
      new OptimumSchedule(300, 256, 4, 0.05, 0.1, 0.2, true);

  /** Not whitened, so that beta is per unit of the score. */
  static final OptimumSchedule PENALTY_IN_THE_LOSS =
      new OptimumSchedule(300, 512, 4, 0.05, 0.1, 0, false);

  /** A rate at which an iteration does not jump over a target. */
  static final OptimumSchedule ADAPTIVE = new OptimumSchedule(200, 128, 2, 0.003, 0.01, 0, true);

  /**
   * At a higher rate what all prefixes share moves so fast that responses are no longer sampled
   * before it is known what they are worth.
   */
  static final OptimumSchedule TRANSFORMER =
      new OptimumSchedule(600, 512, 2, 0.002, 0.003, 0, true);

  /** As many steps for methods with one to an iteration. */
  static final OptimumSchedule TRANSFORMER_IN_ONE_PASS =
      new OptimumSchedule(1200, 512, 2, 0.002, 0.003, 0, true);

  /**
   * The critic, ten times as fast, follows a policy half as fast: it holds the penalty, which
   * changes with the policy.
   */
  static final OptimumSchedule TRANSFORMER_WITH_CRITIC_OF_ACTIONS =
      new OptimumSchedule(2400, 512, 8, 0.0005, 0.005, 0, true);

  /** Steps as long as the trust region at the end, too: responses are what averages them. */
  static final OptimumSchedule TRANSFORMER_IN_A_TRUST_REGION =
      new OptimumSchedule(300, 2048, 4, 0.002, 0.005, 0, true);

  /** The bonus is as large as the advantages at first. */
  static final OptimumSchedule ANNEALED = annealed(1200, 512, 2, 0.002, 0.003, 1);

  static final OptimumSchedule ANNEALED_AT_HALF_THE_RATE = annealed(1200, 512, 2, 0.001, 0.003, 1);
  static final OptimumSchedule ANNEALED_WITH_CRITIC_OF_ACTIONS =
      annealed(1200, 512, 8, 0.0015, 0.003, 1);

  /** Responses are what averages steps that do not shrink, here too. */
  static final OptimumSchedule ANNEALED_IN_A_TRUST_REGION = annealed(800, 2048, 4, 0.002, 0.005, 1);

  /** Settings of a run that learns so. */
  PpoSettings settings(Algorithm algorithm, KlConfig kl, long seed) {
    OptimizerConfig optimizer =
        new OptimizerConfig(
            epochs(),
            0,
            responses(),
            policyRate(),
            OptimizerConfig.Schedule.LINEAR,
            0,
            OptimizerConfig.Updater.ADAM,
            1e-5,
            0,
            1);
    PpoConfig ppo =
        new PpoConfig(algorithm, iterations(), responses(), 0, 0, 1.0, 0.95, 0, criticRate(), 1);
    return new PpoSettings(
        ppo,
        new PolicyObjectiveConfig(
            PolicyObjectiveConfig.Objective.AUTO,
            0.2,
            0,
            1,
            0.01,
            entropyCoefficient(),
            entropySchedule(),
            PolicyObjectiveConfig.Aggregation.TOKENS),
        new TrustRegionConfig(trustRegion(), 1e-3, 10, 10),
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
            whiten(),
            false,
            false,
            0),
        new ScoreConfig(ScoreConfig.MissingEnd.NONE, 0),
        EnsembleConfig.DEFAULTS,
        DataConfig.DEFAULTS,
        seed);
  }
}
