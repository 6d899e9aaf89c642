package org.rlhf4j.jobs.train;

import java.util.Iterator;
import java.util.List;
import java.util.function.BiConsumer;
import org.apache.spark.api.java.JavaRDD;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.spark.impl.multilayer.SparkDl4jMultiLayer;
import org.nd4j.linalg.dataset.DataSet;
import org.rlhf4j.jobs.ExitCode;
import org.rlhf4j.jobs.JobException;

/**
 * Parameter averaging that uses every example exactly once and gives the same numbers every time.
 *
 * <p>Deeplearning4j's own {@code ParameterAveragingTrainingMaster} drops what does not fill a
 * round, assigns leftovers at random and sums in order of arrival; here each worker's part of a
 * round is one partition laid out by an {@link EpochPlan}, and results are averaged in worker
 * order, weighted by what each worker's losses were divided by.
 */
final class RoundMaster implements MinibatchMaster {
  private final DriverNetwork driver;
  private final int threads;
  private EpochPlan plan;
  private BiConsumer<List<RoundResult>, RoundCost> listener = (results, cost) -> {};

  RoundMaster(DriverNetwork driver, int threads) {
    this.driver = driver;
    this.threads = threads;
  }

  /**
   * Sets what the next {@link #executeTraining} follows.
   *
   * @param roundListener told of each round's results, by worker, after they were averaged, and of
   *     what the round took
   */
  void follow(EpochPlan nextPlan, BiConsumer<List<RoundResult>, RoundCost> roundListener) {
    plan = nextPlan;
    listener = roundListener;
  }

  /**
   * One epoch.
   *
   * @param trainingData laid out by the plan
   * @throws JobException if the loss, the gradient or the weights of a worker are not finite, or if
   *     examples were lost or repeated; the learner then holds the last good average
   */
  @Override
  public void executeTraining(SparkDl4jMultiLayer network, JavaRDD<DataSet> trainingData) {
    long examples = 0;
    long keySum = 0;
    for (int round = plan.firstRound(); round < plan.rounds(); round++) {
      Laps laps = new Laps();
      RoundWorker worker = getWorkerInstance(network);
      double broadcast = laps.next();
      List<RoundResult> results;
      RoundCost cost;
      try (TrainedRound trained = run(worker, trainingData, round)) {
        double work = laps.next();
        results = trained.results();
        requireFinite(results, round);
        driver.accept(trained, plan.stepsOf(round));
        cost = RoundCost.of(broadcast, work, laps.next(), results);
      }
      for (RoundResult result : results) {
        for (RoundResult.TakenStep step : result.steps()) {
          examples += step.examples();
          keySum += step.keySum();
        }
      }
      listener.accept(results, cost);
    }
    if (!plan.isCoveredBy(examples, keySum)) {
      throw new IllegalStateException(
          "An epoch of " + plan.examples() + " examples was trained on " + examples + " others");
    }
  }

  private TrainedRound run(RoundWorker worker, JavaRDD<DataSet> trainingData, int round) {
    JavaRDD<RoundResult> trained =
        trainingData.mapPartitions(minibatches -> train(worker, minibatches));
    int[] partitions = plan.partitionsOf(round);
    return driver.sharesMemory()
        ? SharedRound.run(trained, partitions)
        : FetchedRound.run(trained, partitions);
  }

  private static Iterator<RoundResult> train(RoundWorker worker, Iterator<DataSet> minibatches) {
    if (!minibatches.hasNext()) {
      return List.of(worker.getFinalResultNoData()).iterator();
    }
    MultiLayerNetwork network = worker.getInitialModel();
    RoundResult result = null;
    while (result == null) {
      DataSet minibatch = minibatches.next();
      result = worker.processMinibatch(minibatch, network, !minibatches.hasNext());
    }
    return List.of(result).iterator();
  }

  private void requireFinite(List<RoundResult> results, int round) {
    for (RoundResult result : results) {
      if (result.divergence().isPresent()) {
        throw new JobException(
            ExitCode.GATE_FAILED,
            String.format(
                "Training diverged after step %d (round %d of the epoch, %s): lower the learning rate or the gradient clip and start again",
                driver.steps(), round, result.divergence().get()));
      }
    }
  }

  @Override
  public RoundWorker getWorkerInstance(SparkDl4jMultiLayer network) {
    return new RoundWorker(driver.handle(), WorkerNetworks.learnersOfThisDriver(), threads);
  }
}
