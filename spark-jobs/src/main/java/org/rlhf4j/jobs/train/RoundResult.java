package org.rlhf4j.jobs.train;

import java.util.List;
import java.util.Optional;
import org.deeplearning4j.spark.api.TrainingResult;
import org.deeplearning4j.spark.api.stats.SparkTrainingStats;
import org.rlhf4j.dl4j.TrainingNetwork;

/** What one worker brings back from a round beside its network, which is known by its version. */
final class RoundResult implements TrainingResult, java.io.Serializable {
  private static final long serialVersionUID = 1L;

  private final String version;
  private final List<TakenStep> steps;
  private final String divergence;
  private final WorkerSeconds seconds;

  /**
   * One step of one worker.
   *
   * @param index step within the epoch, from 0
   * @param examples examples of the worker's slice
   * @param keySum sum of their keys
   * @param measured of the slice
   */
  record TakenStep(int index, int examples, long keySum, TrainingNetwork.Step measured)
      implements java.io.Serializable {}

  /**
   * What a worker's wall time went to beside its steps.
   *
   * @param set until its network had the learner's weights and updater state
   * @param serialise from its last step until they were checked and packed
   */
  record WorkerSeconds(double set, double serialise) implements java.io.Serializable {
    private static final WorkerSeconds NONE = new WorkerSeconds(0, 0);
  }

  private RoundResult(
      String version, List<TakenStep> steps, String divergence, WorkerSeconds seconds) {
    this.version = version;
    this.steps = steps;
    this.divergence = divergence;
    this.seconds = seconds;
  }

  /**
   * @param version under which the network was {@linkplain WorkerNetworks#publish published}
   */
  static RoundResult trained(String version, List<TakenStep> steps, WorkerSeconds seconds) {
    return new RoundResult(version, steps, null, seconds);
  }

  static RoundResult withoutData() {
    return new RoundResult("", List.of(), null, WorkerSeconds.NONE);
  }

  static RoundResult diverged(List<TakenStep> steps, String divergence) {
    return new RoundResult("", steps, divergence, WorkerSeconds.NONE);
  }

  /** The same after its network was packed. */
  RoundResult packedIn(double packing) {
    return new RoundResult(
        version,
        steps,
        divergence,
        new WorkerSeconds(seconds.set(), seconds.serialise() + packing));
  }

  String version() {
    return version;
  }

  List<TakenStep> steps() {
    return steps;
  }

  WorkerSeconds seconds() {
    return seconds;
  }

  /** Wall time of the worker's steps. */
  double trainingSeconds() {
    return steps.stream().mapToDouble(step -> step.measured().seconds()).sum();
  }

  Optional<String> divergence() {
    return Optional.ofNullable(divergence);
  }

  /** What the losses were divided by, over all steps: the worker's say in the average. */
  double weight() {
    double weight = 0;
    for (TakenStep step : steps) {
      weight += step.measured().statistics()[org.rlhf4j.objective.Objective.WEIGHT];
    }
    return weight;
  }

  @Override
  public void setStats(SparkTrainingStats sparkTrainingStats) {
    // Steps carry their own measurements.
  }
}
