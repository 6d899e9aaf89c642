package org.rlhf4j.jobs.ppo;

import org.apache.spark.sql.SparkSession;
import org.rlhf4j.jobs.model.ExecutorModels;
import org.rlhf4j.jobs.train.Learner;
import org.rlhf4j.objective.PpoClip;
import org.rlhf4j.objective.ValueLoss;

/**
 * The two models that learn, each with an optimiser of its own. They live as long as the run, so
 * that Adam's moments carry over from iteration to iteration.
 */
record Learners(Learner policy, Learner critic) implements AutoCloseable {
  private static final double NO_DUAL_CLIP = 0;

  /**
   * @param policyDirectory starting weights of the policy
   * @param criticDirectory starting weights of the critic: the reward model, or a checkpoint
   */
  static Learners open(
      SparkSession spark, PpoSettings settings, String policyDirectory, String criticDirectory) {
    Learner policy =
        new Learner(
            spark,
            ExecutorModels.model(policyDirectory),
            new PpoClip(settings.ppo().clipRange(), NO_DUAL_CLIP),
            settings.policyOptimizer(),
            settings.trainer(),
            settings.totalSteps(),
            settings.generation().temperature());
    Learner critic =
        new Learner(
            spark,
            ExecutorModels.model(criticDirectory),
            new ValueLoss(settings.ppo().valueClipRange()),
            settings.criticOptimizer(),
            settings.trainer(),
            settings.totalSteps());
    return new Learners(policy, critic);
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
