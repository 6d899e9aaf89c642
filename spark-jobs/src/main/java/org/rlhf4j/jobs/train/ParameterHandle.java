package org.rlhf4j.jobs.train;

import java.io.Serializable;
import org.apache.spark.broadcast.Broadcast;
import org.rlhf4j.dl4j.TrainingNetwork;
import org.rlhf4j.jobs.model.ExecutorModels;

/**
 * Where a task finds the learner's current weights and updater state: in the driver's own memory
 * when it runs there (a local master), else in a broadcast that is only fetched if the executor has
 * no network of this version.
 */
final class ParameterHandle implements Serializable {
  private static final long serialVersionUID = 1L;

  private final String learnerId;
  private final String version;
  private final String configurationJson;
  private final String frozenDirectory;
  private final long steps;
  private final Broadcast<byte[][][]> broadcast;

  /**
   * @param version changes whenever weights or state change
   * @param frozenDirectory model whose weights adapters stand beside; not read without adapters
   * @param steps steps taken to get there
   * @param broadcast chunks of the weights and of the updater state; null under a local master
   */
  ParameterHandle(
      String learnerId,
      String version,
      String configurationJson,
      String frozenDirectory,
      long steps,
      Broadcast<byte[][][]> broadcast) {
    this.learnerId = learnerId;
    this.version = version;
    this.configurationJson = configurationJson;
    this.frozenDirectory = frozenDirectory;
    this.steps = steps;
    this.broadcast = broadcast;
  }

  String learnerId() {
    return learnerId;
  }

  String version() {
    return version;
  }

  /**
   * A network of the learner's kind, weights and state to be {@linkplain #copyTo copied}. Frozen
   * weights are the driver's own under a local master; elsewhere each executor reads them once from
   * the model's directory and shares them with all that use this model, such as rollouts.
   */
  TrainingNetwork newNetwork() {
    TrainingNetwork network = TrainingNetwork.fromJson(configurationJson);
    if (network.hasAdapters()) {
      network.useFrozen(
          broadcast == null
              ? WorkerNetworks.driverNetwork(learnerId).frozen()
              : ExecutorModels.model(frozenDirectory).weights());
    }
    return network;
  }

  /** Copies weights and updater state. */
  void copyTo(TrainingNetwork network) {
    if (broadcast == null) {
      TrainingNetwork source = WorkerNetworks.driverNetwork(learnerId);
      FloatChunks.copy(source.parameters(), network.parameters());
      FloatChunks.copy(source.updaterState(), network.updaterState());
    } else {
      byte[][][] chunks = broadcast.value();
      FloatChunks.fromBytes(chunks[0], network.parameters());
      FloatChunks.fromBytes(chunks[1], network.updaterState());
    }
    network.setSteps(steps);
  }

  void destroy() {
    if (broadcast != null) {
      broadcast.destroy();
    }
  }
}
