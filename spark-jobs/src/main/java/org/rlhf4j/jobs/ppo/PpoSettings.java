package org.rlhf4j.jobs.ppo;

import org.rlhf4j.config.AdvantagesConfig;
import org.rlhf4j.config.ConfigException;
import org.rlhf4j.config.DataConfig;
import org.rlhf4j.config.GenerationConfig;
import org.rlhf4j.config.KlConfig;
import org.rlhf4j.config.LoraConfig;
import org.rlhf4j.config.OptimizerConfig;
import org.rlhf4j.config.PpoConfig;
import org.rlhf4j.config.ScoreConfig;
import org.rlhf4j.config.TrainerConfig;
import org.rlhf4j.rlhf.KlController;

/**
 * Everything that shapes a PPO run apart from its models and prompts.
 *
 * @param optimizer the policy's; the critic's differs in its learning rate
 * @param seed of the run
 */
public record PpoSettings(
    PpoConfig ppo,
    OptimizerConfig optimizer,
    TrainerConfig trainer,
    LoraConfig lora,
    GenerationConfig generation,
    KlConfig kl,
    AdvantagesConfig advantages,
    ScoreConfig score,
    DataConfig data,
    long seed) {
  public PpoSettings {
    refuseUnless(kl.place() == KlConfig.Place.REWARD, "kl.place", "loss", "reward");
    refuseUnless(
        generation.samplesTheModel(),
        "generation.top-k, top-p, min-p, repetition-penalty, min-new-tokens, best-of or greedy",
        "a restricted distribution",
        "top-k 0, top-p 1, min-p 0, repetition-penalty 1, min-new-tokens 0, best-of 1 and greedy false,"
            + " because the update needs the probabilities that the responses were sampled with");
    checkHorizon(kl, ppo.responsesPerIteration());
    if (ppo.responsesPerIteration() % generation.samplesPerPrompt() != 0) {
      throw new ConfigException(
          String.format(
              "ppo.responses-per-iteration must be a multiple of generation.samples-per-prompt"
                  + " (%d), but is %d",
              generation.samplesPerPrompt(), ppo.responsesPerIteration()));
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

  /** Responses per gradient step. */
  int minibatchSize() {
    return ppo.minibatchSize() > 0 ? ppo.minibatchSize() : optimizer.batchSize();
  }

  OptimizerConfig policyOptimizer() {
    return optimizer(optimizer.learningRate());
  }

  OptimizerConfig criticOptimizer() {
    double own = ppo.criticLearningRate();
    return optimizer(own > 0 ? own : optimizer.learningRate());
  }

  /** Optimiser steps of each model over the whole run, unless ppo.target-kl stops updates. */
  long totalSteps() {
    long perEpoch = (ppo.responsesPerIteration() + minibatchSize() - 1L) / minibatchSize();
    long steps = perEpoch * optimizer.epochs() * ppo.iterations();
    return optimizer.maxSteps() > 0 ? Math.min(steps, optimizer.maxSteps()) : steps;
  }

  /**
   * Whether a run is at its end.
   *
   * @param iterations complete ones
   * @param steps optimiser steps taken by each model
   */
  boolean isEnd(long iterations, long steps) {
    boolean isLastStep = optimizer.maxSteps() > 0 && steps >= optimizer.maxSteps();
    return isLastStep || iterations >= ppo.iterations();
  }

  private OptimizerConfig optimizer(double learningRate) {
    return new OptimizerConfig(
        optimizer.epochs(),
        optimizer.maxSteps(),
        minibatchSize(),
        learningRate,
        optimizer.schedule(),
        optimizer.warmupSteps(),
        optimizer.updater(),
        optimizer.adamEpsilon(),
        optimizer.weightDecay(),
        optimizer.gradientClip());
  }

  private static void refuseUnless(boolean holds, String key, String value, String existing) {
    if (!holds) {
      throw new ConfigException(
          String.format("%s is %s, which PPO does not have; use %s", key, value, existing));
    }
  }
}
