package org.rlhf4j.jobs.train;

import java.util.List;
import java.util.Optional;
import org.deeplearning4j.spark.api.TrainingResult;
import org.deeplearning4j.spark.api.stats.SparkTrainingStats;
import org.rlhf4j.dl4j.TrainingNetwork;
import org.rlhf4j.tensor.Floats;

/** What one worker brings back from a round. */
final class RoundResult implements TrainingResult, java.io.Serializable {
  private static final long serialVersionUID = 1L;

  private final String version;
  private final List<TakenStep> steps;
  private final byte[][] parameters;
  private final byte[][] updaterState;
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
      String version,
      List<TakenStep> steps,
      byte[][] parameters,
      byte[][] updaterState,
      String divergence,
      WorkerSeconds seconds) {
    this.version = version;
    this.steps = steps;
    this.parameters = parameters;
    this.updaterState = updaterState;
    this.divergence = divergence;
    this.seconds = seconds;
  }

  /** The vectors stay in the driver's JVM, published under the version. */
  static RoundResult inPlace(String version, List<TakenStep> steps) {
    return new RoundResult(version, steps, null, null, null, WorkerSeconds.NONE);
  }

  static RoundResult shipped(String version, List<TakenStep> steps, TrainingNetwork network) {
    return new RoundResult(
        version,
        steps,
        FloatChunks.toBytes(network.parameters()),
        FloatChunks.toBytes(network.updaterState()),
        null,
        WorkerSeconds.NONE);
  }

  static RoundResult withoutData() {
    return new RoundResult("", List.of(), null, null, null, WorkerSeconds.NONE);
  }

  static RoundResult diverged(List<TakenStep> steps, String divergence) {
    return new RoundResult("", steps, null, null, divergence, WorkerSeconds.NONE);
  }

  RoundResult with(WorkerSeconds measured) {
    return new RoundResult(version, steps, parameters, updaterState, divergence, measured);
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

  /** The vectors of this result; to be {@linkplain Vectors#release released}. */
  Vectors vectors() {
    if (parameters == null) {
      WorkerNetworks.WorkerNetwork network = WorkerNetworks.takeResult(version);
      return new Vectors(
          network.network().parameters(),
          network.network().updaterState(),
          () -> WorkerNetworks.release(network));
    }
    return new Vectors(unpack(parameters), unpack(updaterState), () -> {});
  }

  private static Floats unpack(byte[][] chunks) {
    long bytes = 0;
    for (byte[] chunk : chunks) {
      bytes += chunk.length;
    }
    Floats values = Floats.allocate(bytes / Float.BYTES);
    FloatChunks.fromBytes(chunks, values);
    return values;
  }

  /** Gives the vectors up unread. */
  void discard() {
    if (parameters == null && !version.isEmpty()) {
      WorkerNetworks.release(WorkerNetworks.takeResult(version));
    }
  }

  /** Weights and updater state of one worker. */
  record Vectors(Floats parameters, Floats updaterState, Runnable release) {}

  @Override
  public void setStats(SparkTrainingStats sparkTrainingStats) {
    // Steps carry their own measurements.
  }
}
