package org.rlhf4j.jobs.ppo;

import org.apache.spark.sql.SparkSession;
import org.rlhf4j.config.LoraConfig;
import org.rlhf4j.jobs.model.ExecutorModels;
import org.rlhf4j.jobs.ppo.PpoCheckpoints.Complete;
import org.rlhf4j.jobs.train.Learner;
import org.rlhf4j.jobs.train.StartingModel;
import org.rlhf4j.objective.PpoClip;
import org.rlhf4j.objective.ValueLoss;

/**
 * The two models that learn, each with an optimiser of its own. They live as long as the run, so
 * that Adam's moments carry over from iteration to iteration.
 */
record Learners(Learner policy, Learner critic) implements AutoCloseable {
  private static final double NO_DUAL_CLIP = 0;

  /**
   * Learners with the weights of a checkpoint, or of the inputs before there is one. Adapters stand
   * beside the inputs' weights; those of a checkpoint have to be loaded.
   */
  static Learners open(
      SparkSession spark, PpoSettings settings, PpoJob.Inputs inputs, Complete checkpoint) {
    Learner policy =
        new Learner(
            spark,
            start(settings, inputs.policy(), checkpoint.policy()),
            new PpoClip(settings.ppo().clipRange(), NO_DUAL_CLIP),
            settings.policyOptimizer(),
            settings.trainer(),
            settings.totalSteps(),
            settings.generation().temperature());
    Learner critic =
        new Learner(
            spark,
            start(settings, inputs.rewardModel(), checkpoint.critic()),
            new ValueLoss(settings.ppo().valueClipRange()),
            settings.criticOptimizer(),
            settings.trainer(),
            settings.totalSteps());
    return new Learners(policy, critic);
  }

  private static StartingModel start(PpoSettings settings, String input, String checkpoint) {
    LoraConfig lora = settings.lora();
    return lora.rank() == 0
        ? StartingModel.full(ExecutorModels.model(checkpoint))
        : StartingModel.of(ExecutorModels.model(input), lora, input, settings.seed());
  }

  /** Whether {@code ppo.max-steps} is reached; both take the same number of steps. */
  boolean areFinished() {
    return policy.isFinished();
  }

  @Override
  public void close() {
    policy.close();
    critic.close();
  }
}
