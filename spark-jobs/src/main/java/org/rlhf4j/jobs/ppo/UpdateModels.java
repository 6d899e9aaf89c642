package org.rlhf4j.jobs.ppo;

import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.storage.StorageLevel;
import org.rlhf4j.data.dataset.Experience;
import org.rlhf4j.data.dataset.Rollout;
import org.rlhf4j.data.dataset.Score;
import org.rlhf4j.dl4j.TrainingExample;
import org.rlhf4j.jobs.ExitCode;
import org.rlhf4j.jobs.JobException;
import org.rlhf4j.jobs.dataset.Datasets;
import org.rlhf4j.jobs.rollout.StableHash;
import org.rlhf4j.jobs.train.Learner;
import org.rlhf4j.jobs.train.StepMetrics;
import org.rlhf4j.metrics.Metric;

/** The policy's and the critic's updates on one iteration's experience. */
final class UpdateModels {
  /** Generator and learner must agree on the first minibatch's probabilities. */
  private static final double LARGEST_FIRST_DEVIATION = 1e-4;

  private final Datasets datasets;
  private final PpoSettings settings;

  /**
   * Metrics of the steps of both models.
   *
   * @param oldKl from the policy that sampled to the updated one, nats per token, where asked for
   */
  record Update(UpdateStatistics policy, UpdateStatistics critic, Optional<Double> oldKl) {
    /** The policy's, then the critic's. */
    List<StepMetrics> steps() {
      return Stream.of(policy, critic).flatMap(model -> model.steps().stream()).toList();
    }
  }

  /** Datasets of an iteration; the experience is there if something is learned from it. */
  record Published(String rollouts, String scores, String experience) {}

  UpdateModels(Datasets datasets, PpoSettings settings) {
    this.datasets = datasets;
    this.settings = settings;
  }

  /**
   * Passes over the experience until {@code ppo.epochs}, {@code ppo.max-steps} or {@code
   * ppo.target-kl} ends them.
   *
   * @param state before the iteration
   * @param published what the iteration has published
   * @param pretraining rows that join the policy's examples
   * @throws JobException if the first minibatch's ratios are not 1
   */
  Update execute(
      PpoState state,
      Published published,
      Optional<PretrainingSource> pretraining,
      Learners learners) {
    long iteration = state.iteration() + 1;
    JavaRDD<TrainingExample> ownRows =
        settings.prefersPairs() ? pairs(published) : tokens(state, published);
    Optional<PretrainingSource.Mixed> mixed =
        pretraining.map(source -> source.mix(ownRows, iteration));
    JavaRDD<TrainingExample> policyRows =
        mixed.map(PretrainingSource.Mixed::examples).orElse(ownRows);
    policyRows.persist(StorageLevel.MEMORY_AND_DISK());
    Optional<JavaRDD<TrainingExample>> criticRows =
        settings.hasCritic() ? Optional.of(ofCritic(published)) : Optional.empty();
    criticRows.ifPresent(rows -> rows.persist(StorageLevel.MEMORY_AND_DISK()));
    try {
      return epochs(iteration, policyRows, criticRows, learners);
    } finally {
      policyRows.unpersist();
      criticRows.ifPresent(JavaRDD::unpersist);
      mixed.ifPresent(PretrainingSource.Mixed::close);
    }
  }

  private JavaRDD<TrainingExample> pairs(Published published) {
    return PreferenceExamples.of(
        datasets.read(published.rollouts(), Rollout.class),
        datasets.read(published.scores(), Score.class),
        List.of(settings.learnerObjective().channels()));
  }

  private JavaRDD<Experience> experience(Published published) {
    return datasets.read(published.experience(), Experience.class);
  }

  private JavaRDD<TrainingExample> ofCritic(Published published) {
    return settings.advantageSettings().judgesActions()
        ? experience(published).map(ExperienceExamples::forActionCritic)
        : experience(published).map(ExperienceExamples::forCritic);
  }

  private JavaRDD<TrainingExample> tokens(PpoState state, Published published) {
    PolicyLabels labels = PolicyLabels.of(settings, state);
    return experience(published).map(row -> ExperienceExamples.forPolicy(row, labels));
  }

  private Update epochs(
      long iteration,
      JavaRDD<TrainingExample> policyRows,
      Optional<JavaRDD<TrainingExample>> criticRows,
      Learners learners) {
    UpdateStatistics policy = new UpdateStatistics();
    UpdateStatistics critic = new UpdateStatistics();
    for (int epoch = 0; epoch < settings.optimizer().epochs(); epoch++) {
      long epochSeed = StableHash.of("epoch", settings.seed(), iteration, epoch);
      if (epoch < settings.policyEpochs()) {
        updatePolicy(learners.policy(), policyRows, epochSeed, policy);
      }
      if (epoch == 0 && !settings.prefersPairs()) {
        checkFirstRatio(iteration, policy);
      }
      learners
          .critic()
          .ifPresent(learner -> train(learner, criticRows.orElseThrow(), epochSeed, critic));
      if (learners.areFinished() || isTooFar(policy)) {
        break;
      }
    }
    return new Update(policy, critic, oldKl(policyRows, learners.policy()));
  }

  private void updatePolicy(
      Learner learner,
      JavaRDD<TrainingExample> examples,
      long epochSeed,
      UpdateStatistics statistics) {
    if (settings.hasTrustRegion()) {
      statistics.startEpoch();
      learner.trustRegionStep(examples, settings.trustRegionStep(), epochSeed, statistics::add);
    } else {
      train(learner, examples, epochSeed, statistics);
    }
  }

  /** Over the whole experience, after the update: what a penalty is adapted to, or a step bound. */
  private Optional<Double> oldKl(JavaRDD<TrainingExample> policyRows, Learner policy) {
    return settings.penalisesOldKl() || settings.hasTrustRegion()
        ? Optional.of(policy.evaluate(policyRows).get(Metric.OLD_KL.key()))
        : Optional.empty();
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
