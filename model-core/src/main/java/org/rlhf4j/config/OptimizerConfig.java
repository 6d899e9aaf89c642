package org.rlhf4j.config;

import static org.rlhf4j.config.ConfigException.check;

/** Settings every trainer shares; the section is sft, reward, dpo or ppo. */
public record OptimizerConfig(
    @Config(
            value = "epochs",
            doc = "Passes over the training rows (PPO: over one iteration's experience)")
        int epochs,
    @Config(value = "max-steps", doc = "Upper bound on optimiser steps; 0 means none") int maxSteps,
    @Config(value = "batch-size", doc = "Rows per optimiser step, over all workers") int batchSize,
    @Config(value = "learning-rate", doc = "Peak learning rate") double learningRate,
    @Config(value = "schedule", doc = "Learning rate after warm-up: constant, linear or cosine")
        Schedule schedule,
    @Config(
            value = "warmup-steps",
            doc = "Steps over which the learning rate rises linearly from 0")
        int warmupSteps,
    @Config(value = "updater", doc = "adam or sgd") Updater updater,
    @Config(value = "adam-epsilon", doc = "Adam's epsilon, in DL4J's form of the update")
        double adamEpsilon,
    @Config(value = "weight-decay", doc = "Decoupled weight decay; 0 means none")
        double weightDecay,
    @Config(
            value = "gradient-clip",
            doc = "Largest gradient norm, over all parameters, of each worker; 0 means no clipping")
        double gradientClip) {

  /** Learning rate after warm-up. */
  public enum Schedule {
    CONSTANT,
    LINEAR,
    COSINE
  }

  /** Rule that turns gradients into parameter changes. */
  public enum Updater {
    ADAM,
    SGD
  }

  public static final OptimizerConfig SFT =
      new OptimizerConfig(1, 0, 32, 1e-3, Schedule.COSINE, 20, Updater.ADAM, 1e-8, 0.0, 1.0);
  public static final OptimizerConfig REWARD =
      new OptimizerConfig(1, 0, 32, 3e-4, Schedule.COSINE, 20, Updater.ADAM, 1e-8, 0.0, 1.0);
  public static final OptimizerConfig DPO =
      new OptimizerConfig(1, 0, 32, 1e-4, Schedule.LINEAR, 10, Updater.ADAM, 1e-8, 0.0, 1.0);
  public static final OptimizerConfig PPO =
      new OptimizerConfig(4, 0, 64, 1e-4, Schedule.CONSTANT, 0, Updater.ADAM, 1e-5, 0.0, 1.0);

  public OptimizerConfig {
    check(epochs > 0, "epochs must be positive, but is %s", epochs);
    check(maxSteps >= 0, "max-steps must not be negative, but is %s", maxSteps);
    check(batchSize > 0, "batch-size must be positive, but is %s", batchSize);
    check(learningRate > 0, "learning-rate must be positive, but is %s", learningRate);
    check(warmupSteps >= 0, "warmup-steps must not be negative, but is %s", warmupSteps);
    check(adamEpsilon > 0, "adam-epsilon must be positive, but is %s", adamEpsilon);
    check(weightDecay >= 0, "weight-decay must not be negative, but is %s", weightDecay);
    check(gradientClip >= 0, "gradient-clip must not be negative, but is %s", gradientClip);
  }
}
