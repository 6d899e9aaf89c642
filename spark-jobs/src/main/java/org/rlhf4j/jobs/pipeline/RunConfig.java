package org.rlhf4j.jobs.pipeline;

import org.rlhf4j.config.ConfigFormat;
import org.rlhf4j.config.RlhfConfig;
import org.rlhf4j.config.Section;
import org.rlhf4j.jobs.demo.DemoSettings;
import org.rlhf4j.jobs.evaluate.EvaluateSettings;
import org.rlhf4j.jobs.ppo.PpoSettings;
import org.rlhf4j.jobs.reviews.ReviewSettings;
import org.rlhf4j.jobs.train.TrainingSettings;

/** All settings a configuration file may hold: the library's and those of the generators. */
public record RunConfig(
    @Section("") RlhfConfig rlhf,
    @Section("demo") DemoSettings demo,
    @Section("reviews") ReviewSettings reviews) {
  public static final RunConfig DEFAULTS =
      new RunConfig(RlhfConfig.DEFAULTS, DemoSettings.DEFAULTS, ReviewSettings.DEFAULTS);

  public static ConfigFormat<RunConfig> format() {
    return new ConfigFormat<>(DEFAULTS);
  }

  /** What fine-tuning needs of all this. */
  public TrainingSettings sftSettings() {
    return new TrainingSettings(rlhf.sft(), rlhf.trainer(), rlhf.lora(), rlhf.data(), rlhf.seed());
  }

  /** What the reward model needs of all this. */
  public TrainingSettings rewardSettings() {
    return new TrainingSettings(
        rlhf.rewardOptimizer(), rlhf.trainer(), rlhf.lora(), rlhf.data(), rlhf.seed());
  }

  /** What preference optimisation needs of all this, its losses apart. */
  public TrainingSettings dpoSettings() {
    return new TrainingSettings(
        rlhf.dpoOptimizer(), rlhf.trainer(), rlhf.lora(), rlhf.data(), rlhf.seed());
  }

  /** What the on-policy loop needs of all this. */
  public PpoSettings ppoSettings() {
    return new PpoSettings(
        rlhf.ppo(),
        rlhf.ppoObjective(),
        rlhf.ppoTrustRegion(),
        rlhf.ppoPretraining(),
        rlhf.dpo(),
        rlhf.ppoOptimizer(),
        rlhf.trainer(),
        rlhf.lora(),
        rlhf.generation(),
        rlhf.kl(),
        rlhf.advantages(),
        rlhf.score(),
        rlhf.scoreEnsemble(),
        rlhf.data(),
        rlhf.seed());
  }

  /** What the evaluation needs of all this. */
  public EvaluateSettings evaluateSettings() {
    return new EvaluateSettings(
        rlhf.evaluate(),
        rlhf.generation(),
        rlhf.data(),
        rlhf.score(),
        rlhf.scoreEnsemble(),
        rlhf.seed());
  }
}
