package org.rlhf4j.jobs.train;

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
    if (sharesMemory()) {
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
              sharesMemory()
                  ? null
                  : spark.broadcast(
                      new byte[][][] {
                        FloatChunks.toBytes(network.parameters()),
                        FloatChunks.toBytes(network.updaterState())
                      }));
    }
    return handle;
  }

  /** Whether workers run in this JVM. */
  boolean sharesMemory() {
    return spark.isLocal();
  }

  /**
   * Takes over the average of a round.
   *
   * @param round workers without data have no say
   * @param steps steps that every worker with data took
   */
  void accept(TrainedRound round, int steps) {
    List<RoundResult> contributions =
        round.results().stream().filter(result -> !result.steps().isEmpty()).toList();
    long after = network.steps() + steps;
    // A single worker already holds the average.
    String average =
        contributions.size() == 1 ? contributions.get(0).version() : UUID.randomUUID().toString();
    round.average(contributions, network, after, average);
    changed(after, average);
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
