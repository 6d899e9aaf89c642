package org.rlhf4j.jobs.train;

import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.apache.spark.api.java.JavaSparkContext;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.rlhf4j.decoder.AdaptedModel;
import org.rlhf4j.dl4j.TrainingNetwork;

/** The learner's weights and updater state on the driver, and how workers get at them. */
final class DriverNetwork implements AutoCloseable {
  private final JavaSparkContext spark;
  private final String learnerId = UUID.randomUUID().toString();
  private final String configurationJson;
  private final String frozenDirectory;
  private final TrainingNetwork network;
  private String version = UUID.randomUUID().toString();
  private ParameterHandle handle;

  DriverNetwork(
      JavaSparkContext spark, MultiLayerConfiguration configuration, StartingModel start) {
    this.spark = spark;
    this.configurationJson = configuration.toJson();
    this.network = new TrainingNetwork(configuration);
    AdaptedModel adapted = AdaptedModel.start(start.model(), start.adapters(), start.seed());
    FloatChunks.copy(adapted.trained(), network.parameters());
    this.frozenDirectory = start.directory();
    if (start.adapters().exist()) {
      network.useFrozen(start.model().weights());
    }
    if (spark.isLocal()) {
      WorkerNetworks.register(learnerId, network);
    } else {
      WorkerNetworks.register(learnerId);
    }
  }

  TrainingNetwork network() {
    return network;
  }

  long steps() {
    return network.steps();
  }

  /** For the tasks of the next job; valid until the network changes. */
  ParameterHandle handle() {
    if (handle == null) {
      handle =
          new ParameterHandle(
              learnerId,
              version,
              configurationJson,
              frozenDirectory,
              network.steps(),
              spark.isLocal()
                  ? null
                  : spark.broadcast(
                      new byte[][][] {
                        FloatChunks.toBytes(network.parameters()),
                        FloatChunks.toBytes(network.updaterState())
                      }));
    }
    return handle;
  }

  /**
   * Takes over the average of a round.
   *
   * @param results by worker; those without data have no say
   * @param steps steps that every worker with data took
   */
  void accept(List<RoundResult> results, int steps) {
    List<RoundResult> contributions =
        results.stream().filter(result -> !result.steps().isEmpty()).toList();
    double[] weights = contributions.stream().mapToDouble(RoundResult::weight).toArray();
    List<RoundResult.Vectors> vectors = new ArrayList<>();
    contributions.forEach(result -> vectors.add(result.vectors()));
    Averaging.mean(
        vectors.stream().map(RoundResult.Vectors::parameters).toList(),
        weights,
        network.parameters());
    if (network.updaterState().length() > 0) {
      Averaging.mean(
          vectors.stream().map(RoundResult.Vectors::updaterState).toList(),
          weights,
          network.updaterState());
    }
    vectors.forEach(vector -> vector.release().run());
    // A single worker already holds the average; all others are behind.
    changed(
        network.steps() + steps,
        contributions.size() == 1 ? contributions.get(0).version() : UUID.randomUUID().toString());
  }

  /** To be called when weights or state were set from outside. */
  void changed(long steps) {
    changed(steps, UUID.randomUUID().toString());
  }

  private void changed(long steps, String newVersion) {
    network.setSteps(steps);
    version = newVersion;
    destroyHandle();
  }

  private void destroyHandle() {
    if (handle != null) {
      handle.destroy();
      handle = null;
    }
  }

  @Override
  public void close() {
    destroyHandle();
    WorkerNetworks.unregister(learnerId);
  }
}
