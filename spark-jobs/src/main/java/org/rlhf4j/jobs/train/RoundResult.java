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

  private RoundResult(
      String version,
      List<TakenStep> steps,
      byte[][] parameters,
      byte[][] updaterState,
      String divergence) {
    this.version = version;
    this.steps = steps;
    this.parameters = parameters;
    this.updaterState = updaterState;
    this.divergence = divergence;
  }

  /** The vectors stay in the driver's JVM, published under the version. */
  static RoundResult inPlace(String version, List<TakenStep> steps) {
    return new RoundResult(version, steps, null, null, null);
  }

  static RoundResult shipped(String version, List<TakenStep> steps, TrainingNetwork network) {
    return new RoundResult(
        version,
        steps,
        FloatChunks.toBytes(network.parameters()),
        FloatChunks.toBytes(network.updaterState()),
        null);
  }

  static RoundResult withoutData() {
    return new RoundResult("", List.of(), null, null, null);
  }

  static RoundResult diverged(List<TakenStep> steps, String divergence) {
    return new RoundResult("", steps, null, null, divergence);
  }

  String version() {
    return version;
  }

  List<TakenStep> steps() {
    return steps;
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
