package org.rlhf4j.jobs.ppo;

import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.storage.StorageLevel;
import org.rlhf4j.data.dataset.Experience;
import org.rlhf4j.dl4j.TrainingExample;
import org.rlhf4j.jobs.ExitCode;
import org.rlhf4j.jobs.JobException;
import org.rlhf4j.jobs.dataset.Datasets;
import org.rlhf4j.jobs.rollout.StableHash;
import org.rlhf4j.jobs.train.Learner;
import org.rlhf4j.metrics.Metric;

/** The policy's and the critic's updates on one iteration's experience. */
final class UpdateModels {
  /** Generator and learner must agree on the first minibatch's probabilities. */
  private static final double LARGEST_FIRST_DEVIATION = 1e-4;

  private final Datasets datasets;
  private final PpoSettings settings;

  /** Metrics of the steps of both models. */
  record Update(UpdateStatistics policy, UpdateStatistics critic) {}

  UpdateModels(Datasets datasets, PpoSettings settings) {
    this.datasets = datasets;
    this.settings = settings;
  }

  /**
   * Passes over the experience until {@code ppo.epochs}, {@code ppo.max-steps} or {@code
   * ppo.target-kl} ends them.
   *
   * @throws JobException if the first minibatch's ratios are not 1
   */
  Update execute(long iteration, String experience, Learners learners) {
    JavaRDD<Experience> rows = datasets.read(experience, Experience.class);
    JavaRDD<TrainingExample> policyRows = rows.map(ExperienceExamples::forPolicy);
    JavaRDD<TrainingExample> criticRows = rows.map(ExperienceExamples::forCritic);
    policyRows.persist(StorageLevel.MEMORY_AND_DISK());
    criticRows.persist(StorageLevel.MEMORY_AND_DISK());
    try {
      return epochs(iteration, policyRows, criticRows, learners);
    } finally {
      policyRows.unpersist();
      criticRows.unpersist();
    }
  }

  private Update epochs(
      long iteration,
      JavaRDD<TrainingExample> policyRows,
      JavaRDD<TrainingExample> criticRows,
      Learners learners) {
    Update update = new Update(new UpdateStatistics(), new UpdateStatistics());
    for (int epoch = 0; epoch < settings.optimizer().epochs(); epoch++) {
      long epochSeed = StableHash.of("epoch", settings.seed(), iteration, epoch);
      train(learners.policy(), policyRows, epochSeed, update.policy());
      if (epoch == 0) {
        checkFirstRatio(iteration, update.policy());
      }
      train(learners.critic(), criticRows, epochSeed, update.critic());
      if (learners.areFinished() || isTooFar(update.policy())) {
        break;
      }
    }
    return update;
  }

  private static void train(
      Learner learner,
      JavaRDD<TrainingExample> examples,
      long epochSeed,
      UpdateStatistics statistics) {
    statistics.startEpoch();
    learner.epoch(examples, epochSeed, statistics::add);
  }

  private static void checkFirstRatio(long iteration, UpdateStatistics policy) {
    double deviation = policy.first(Metric.RATIO_DEVIATION);
    if (!(deviation <= LARGEST_FIRST_DEVIATION)) {
      throw new JobException(
          ExitCode.GATE_FAILED,
          String.format(
              "Iteration %d: the first minibatch's probability ratios deviate from 1 by %.3g, more"
                  + " than %.0e, so generator and learner disagree; check that the rollouts of this"
                  + " iteration are the current policy's",
              iteration, deviation, LARGEST_FIRST_DEVIATION));
    }
  }

  /** The policy has moved so far from the one that sampled that its experience is stale. */
  private boolean isTooFar(UpdateStatistics policy) {
    double targetKl = settings.ppo().targetKl();
    return targetKl > 0 && policy.meanOfLastEpoch(Metric.APPROX_KL) > targetKl;
  }
}
