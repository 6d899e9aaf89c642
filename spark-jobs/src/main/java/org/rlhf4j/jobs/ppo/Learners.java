package org.rlhf4j.jobs.ppo;

import java.util.Optional;
import org.apache.spark.sql.SparkSession;
import org.rlhf4j.config.LoraConfig;
import org.rlhf4j.jobs.model.ExecutorModels;
import org.rlhf4j.jobs.ppo.PpoCheckpoints.Complete;
import org.rlhf4j.jobs.train.Learner;
import org.rlhf4j.jobs.train.StartingModel;
import org.rlhf4j.objective.ScalarOffset;
import org.rlhf4j.objective.ValueLoss;

/**
 * The models that learn, each with an optimiser of its own. They live as long as the run, so that
 * Adam's moments carry over from iteration to iteration.
 *
 * @param critic not there where the advantage estimator needs none
 */
record Learners(Learner policy, Optional<Learner> critic) implements AutoCloseable {

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
            settings.learnerObjective(),
            settings.policyOptimizer(),
            settings.trainer(),
            settings.totalSteps(),
            settings.generation().temperature());
    Optional<Learner> critic =
        checkpoint
            .critic()
            .map(
                directory ->
                    critic(spark, settings, inputs.rewardModel().orElseThrow(), directory));
    return new Learners(policy, critic);
  }

  private static Learner critic(
      SparkSession spark, PpoSettings settings, String input, String checkpoint) {
    return new Learner(
        spark,
        start(settings, input, checkpoint),
        ScalarOffset.of(
            new ValueLoss(settings.ppo().valueClipRange()), ExecutorModels.scoreOffset(input)),
        settings.criticOptimizer(),
        settings.trainer(),
        settings.criticSteps());
  }

  private static StartingModel start(PpoSettings settings, String input, String checkpoint) {
    LoraConfig lora = settings.lora();
    return lora.rank() == 0
        ? StartingModel.full(ExecutorModels.model(checkpoint))
        : StartingModel.of(ExecutorModels.model(input), lora, input, settings.seed());
  }

  /** Whether {@code ppo.max-steps} is reached. */
  boolean areFinished() {
    return policy.isFinished();
  }

  @Override
  public void close() {
    policy.close();
    critic.ifPresent(Learner::close);
  }
}
