package org.rlhf4j.jobs.train;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.apache.spark.api.java.JavaRDD;
import org.rlhf4j.dl4j.TrainingNetwork;
import org.rlhf4j.jobs.train.WorkerNetworks.WorkerNetwork;

/**
 * A round of workers in the driver's JVM: their networks are read where they are. They get the
 * average, too, while it is in the processor's caches, so that the next round finds them ready.
 *
 * @param results by worker
 */
record SharedRound(List<RoundResult> results) implements TrainedRound {
  /**
   * Trains.
   *
   * @param trained one result for each partition
   * @param partitions those of the round, by worker
   */
  static SharedRound run(JavaRDD<RoundResult> trained, int[] partitions) {
    return new SharedRound(
        Stream.of(trained.collectPartitions(partitions)).flatMap(List::stream).toList());
  }

  @Override
  public void average(
      List<RoundResult> contributions, TrainingNetwork driver, long steps, String version) {
    double[] weights = TrainedRound.weights(contributions);
    List<WorkerNetwork> workers = take(contributions);
    List<TrainingNetwork> networks = workers.stream().map(WorkerNetwork::network).toList();
    List<TrainingNetwork> targets = new ArrayList<>(networks);
    targets.add(driver);
    Averaging.mean(
        networks.stream().map(TrainingNetwork::parameters).toList(),
        weights,
        targets.stream().map(TrainingNetwork::parameters).toList());
    Averaging.mean(
        networks.stream().map(TrainingNetwork::updaterState).toList(),
        weights,
        targets.stream().map(TrainingNetwork::updaterState).toList());
    for (WorkerNetwork worker : workers) {
      worker.network().setSteps(steps);
      worker.setVersion(version);
      WorkerNetworks.release(worker);
    }
  }

  private static List<WorkerNetwork> take(List<RoundResult> of) {
    return of.stream()
        .flatMap(result -> WorkerNetworks.takeResult(result.version()).stream())
        .toList();
  }

  @Override
  public void close() {
    take(results).forEach(WorkerNetworks::release);
  }
}
