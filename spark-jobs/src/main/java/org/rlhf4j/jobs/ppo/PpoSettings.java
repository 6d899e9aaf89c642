package org.rlhf4j.jobs.ppo;

import org.rlhf4j.config.AdvantagesConfig;
import org.rlhf4j.config.AdvantagesConfig.Estimator;
import org.rlhf4j.config.ConfigException;
import org.rlhf4j.config.DataConfig;
import org.rlhf4j.config.DpoConfig;
import org.rlhf4j.config.EnsembleConfig;
import org.rlhf4j.config.GenerationConfig;
import org.rlhf4j.config.KlConfig;
import org.rlhf4j.config.LoraConfig;
import org.rlhf4j.config.OptimizerConfig;
import org.rlhf4j.config.PolicyObjectiveConfig;
import org.rlhf4j.config.PpoConfig;
import org.rlhf4j.config.PretrainingConfig;
import org.rlhf4j.config.ScoreConfig;
import org.rlhf4j.config.TrainerConfig;
import org.rlhf4j.config.TrustRegionConfig;
import org.rlhf4j.jobs.rollout.AdvantageSettings;
import org.rlhf4j.jobs.train.PreferenceObjectives;
import org.rlhf4j.objective.EntropyBonus;
import org.rlhf4j.objective.LossAggregation;
import org.rlhf4j.objective.Objective;
import org.rlhf4j.objective.PolicyGradient;
import org.rlhf4j.objective.PolicyObjective;
import org.rlhf4j.objective.PpoClip;
import org.rlhf4j.objective.PpoKl;
import org.rlhf4j.objective.PretrainingMix;
import org.rlhf4j.objective.ReferenceKl;
import org.rlhf4j.objective.Surrogate;
import org.rlhf4j.objective.Trpo;
import org.rlhf4j.rlhf.AdvantageEstimator;
import org.rlhf4j.rlhf.KlController;
import org.rlhf4j.trust.TrustRegion;

/**
 * Everything that shapes an on-policy run apart from its models and prompts.
 *
 * @param objective names its objective, whatever was given
 * @param advantages names its estimator, whatever was given
 * @param dpo the loss of a policy that learns from pairs of its responses
 * @param optimizer the policy's; the critic's differs in its learning rate
 * @param seed of the run
 */
public record PpoSettings(
    PpoConfig ppo,
    PolicyObjectiveConfig objective,
    TrustRegionConfig trustRegion,
    PretrainingConfig pretraining,
    DpoConfig dpo,
    OptimizerConfig optimizer,
    TrainerConfig trainer,
    LoraConfig lora,
    GenerationConfig generation,
    KlConfig kl,
    AdvantagesConfig advantages,
    ScoreConfig score,
    EnsembleConfig ensemble,
    DataConfig data,
    long seed) {
  public PpoSettings {
    objective = objective.of(ppo.algorithm());
    advantages = advantages.of(ppo.algorithm());
    if (!generation.samplesTheModel()) {
      throw new ConfigException(
          "generation.top-k, top-p, min-p, repetition-penalty, min-new-tokens, best-of or greedy is a"
              + " restricted distribution, which PPO does not have; use top-k 0, top-p 1, min-p 0,"
              + " repetition-penalty 1, min-new-tokens 0, best-of 1 and greedy false, because the"
              + " update needs the probabilities that the responses were sampled with");
    }
    if (pretraining.isUsed() && generation.temperature() != 1) {
      throw new ConfigException(
          String.format(
              "ppo.pretraining-coefficient needs generation.temperature 1, at which text has its"
                  + " likelihood, but it is %s",
              generation.temperature()));
    }
    checkGroups(advantages, generation);
    checkPairs(objective, dpo, ppo, pretraining);
    checkHorizon(kl, ppo.responsesPerIteration());
    if (ppo.responsesPerIteration() % generation.samplesPerPrompt() != 0) {
      throw new ConfigException(
          String.format(
              "ppo.responses-per-iteration must be a multiple of generation.samples-per-prompt"
                  + " (%d), but is %d",
              generation.samplesPerPrompt(), ppo.responsesPerIteration()));
    }
  }

  private static void checkGroups(AdvantagesConfig advantages, GenerationConfig generation) {
    boolean needsGroups =
        advantages.estimator() == Estimator.LEAVE_ONE_OUT
            || advantages.estimator() == Estimator.GROUP;
    if (needsGroups && generation.samplesPerPrompt() < 2) {
      throw new ConfigException(
          "generation.samples-per-prompt is 1, but leave-one-out and group compare the responses to"
              + " a prompt; set it to 2 or more, such as 4");
    }
  }

  private static void checkPairs(
      PolicyObjectiveConfig objective,
      DpoConfig dpo,
      PpoConfig ppo,
      PretrainingConfig pretraining) {
    if (objective.objective() != PolicyObjectiveConfig.Objective.PREFERENCE) {
      return;
    }
    if (dpo.objective() == DpoConfig.Objective.KTO) {
      throw new ConfigException(
          "dpo.objective is kto, which has no pairs, but ppo.algorithm online-dpo learns from them;"
              + " use dpo, cdpo, ipo, orpo or simpo");
    }
    if (ppo.targetKl() > 0 || pretraining.isUsed()) {
      throw new ConfigException(
          "ppo.target-kl and ppo.pretraining-coefficient are about tokens, but ppo.algorithm"
              + " online-dpo learns from pairs of responses; set both to 0");
    }
  }

  /** A step of the controller must not turn the penalty into a reward. */
  private static void checkHorizon(KlConfig kl, int responses) {
    double largestStep = KlController.Adaptive.LARGEST_ERROR * responses / kl.horizon();
    if (kl.controller() == KlConfig.Controller.ADAPTIVE && largestStep >= 1) {
      throw new ConfigException(
          String.format(
              "kl.horizon must be above %s (a fifth of ppo.responses-per-iteration), or the KL"
                  + " coefficient could fall below zero, but is %s",
              KlController.Adaptive.LARGEST_ERROR * responses, kl.horizon()));
    }
  }

  /** How rewards and advantages are computed. */
  AdvantageSettings advantageSettings() {
    return AdvantageSettings.of(kl, ppo, advantages);
  }

  /** Whether the advantage estimator needs a critic, which then learns beside the policy. */
  boolean hasCritic() {
    return advantageSettings().needs() == AdvantageEstimator.Needs.VALUES;
  }

  /** What the policy's learner minimises. */
  Objective learnerObjective() {
    if (prefersPairs()) {
      return PreferenceObjectives.of(dpo);
    }
    return pretraining.isUsed()
        ? new PretrainingMix(policyObjective(), pretraining.coefficient())
        : policyObjective();
  }

  /** The policy's loss on its own responses. */
  PolicyObjective policyObjective() {
    ReferenceKl referenceKl =
        kl.place() == KlConfig.Place.LOSS
            ? ReferenceKl.valueOf(kl.estimator().name())
            : ReferenceKl.NONE;
    return new PolicyObjective(
        surrogate(),
        LossAggregation.valueOf(objective.lossAggregation().name()),
        objective.entropyCoefficient() > 0 ? EntropyBonus.TOKENS : EntropyBonus.NONE,
        referenceKl);
  }

  private Surrogate surrogate() {
    return switch (objective.objective()) {
      case POLICY_GRADIENT -> new PolicyGradient();
      case PPO_CLIP -> new PpoClip(objective.clipRange(), objective.dualClip());
      case PPO_KL -> new PpoKl();
      case TRPO -> new Trpo();
      case PREFERENCE -> throw new IllegalStateException("Pairs of responses have no surrogate");
      case AUTO -> throw new IllegalStateException("The objective has no name yet");
    };
  }

  /** Whether the policy learns from the best and the worst response to each prompt. */
  boolean prefersPairs() {
    return objective.objective() == PolicyObjectiveConfig.Objective.PREFERENCE;
  }

  /** Whether anything is learned from tokens with advantages, and not from pairs alone. */
  boolean needsExperience() {
    return !prefersPairs() || hasCritic();
  }

  /** Whether the weight of the KL to the policy that sampled is to be adapted. */
  boolean penalisesOldKl() {
    return objective.objective() == PolicyObjectiveConfig.Objective.PPO_KL;
  }

  /** Whether the policy takes one step inside a trust region in place of the optimiser's. */
  boolean hasTrustRegion() {
    return objective.objective() == PolicyObjectiveConfig.Objective.TRPO;
  }

  /** That step. */
  TrustRegion trustRegionStep() {
    return new TrustRegion(
        trustRegion.radius(),
        trustRegion.damping(),
        trustRegion.conjugateGradientSteps(),
        trustRegion.lineSearchSteps());
  }

  /** Passes of the policy over one iteration's experience. */
  int policyEpochs() {
    boolean isOnePass =
        objective.objective() == PolicyObjectiveConfig.Objective.POLICY_GRADIENT
            || hasTrustRegion();
    return isOnePass ? 1 : optimizer.epochs();
  }

  /** Responses per gradient step. */
  int minibatchSize() {
    return ppo.minibatchSize() > 0 ? ppo.minibatchSize() : optimizer.batchSize();
  }

  OptimizerConfig policyOptimizer() {
    return optimizer(optimizer.learningRate(), prefersPairs() ? pairsPerStep() : minibatchSize());
  }

  /** Each prompt's responses make one pair. */
  private int pairsPerStep() {
    return Math.max(1, minibatchSize() / generation.samplesPerPrompt());
  }

  OptimizerConfig criticOptimizer() {
    double own = ppo.criticLearningRate();
    return optimizer(own > 0 ? own : optimizer.learningRate(), minibatchSize());
  }

  /** Optimiser steps of the policy over the whole run, unless ppo.target-kl stops updates. */
  long totalSteps() {
    return steps(policyEpochs());
  }

  /** The same for the critic. */
  long criticSteps() {
    return steps(optimizer.epochs());
  }

  private long steps(int epochs) {
    long perEpoch = (ppo.responsesPerIteration() + minibatchSize() - 1L) / minibatchSize();
    long steps = perEpoch * epochs * ppo.iterations();
    return optimizer.maxSteps() > 0 ? Math.min(steps, optimizer.maxSteps()) : steps;
  }

  /**
   * Whether a run is at its end.
   *
   * @param iterations complete ones
   * @param steps optimiser steps taken by the policy
   */
  boolean isEnd(long iterations, long steps) {
    return progress(iterations, steps) >= 1;
  }

  /** Weight of the entropy bonus in the iteration after so many iterations and steps. */
  double entropyCoefficient(long iterations, long steps) {
    return switch (objective.entropySchedule()) {
      case CONSTANT -> objective.entropyCoefficient();
      case LINEAR -> objective.entropyCoefficient() * (1 - progress(iterations, steps));
    };
  }

  /** Share of the run that is over, by what will end it. */
  private double progress(long iterations, long steps) {
    double ofSteps = optimizer.maxSteps() > 0 ? (double) steps / optimizer.maxSteps() : 0;
    return Math.max(ofSteps, (double) iterations / ppo.iterations());
  }

  private OptimizerConfig optimizer(double learningRate, int batchSize) {
    return new OptimizerConfig(
        optimizer.epochs(),
        optimizer.maxSteps(),
        batchSize,
        learningRate,
        optimizer.schedule(),
        optimizer.warmupSteps(),
        optimizer.updater(),
        optimizer.adamEpsilon(),
        optimizer.weightDecay(),
        optimizer.gradientClip());
  }
}
