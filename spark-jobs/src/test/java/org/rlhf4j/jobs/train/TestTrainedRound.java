package org.rlhf4j.jobs.train;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.rlhf4j.config.OptimizerConfig;
import org.rlhf4j.config.OptimizerConfig.Schedule;
import org.rlhf4j.config.OptimizerConfig.Updater;
import org.rlhf4j.decoder.DecoderConfig;
import org.rlhf4j.decoder.DecoderHead;
import org.rlhf4j.decoder.DecoderModel;
import org.rlhf4j.dl4j.TrainingNetwork;
import org.rlhf4j.jobs.SparkTests;
import org.rlhf4j.jobs.train.RoundResult.TakenStep;
import org.rlhf4j.jobs.train.RoundResult.WorkerSeconds;
import org.rlhf4j.jobs.train.WorkerNetworks.WorkerNetwork;
import org.rlhf4j.objective.LanguageModeling;
import org.rlhf4j.tensor.Floats;

/** Both ways of the workers' vectors to the driver, over more pieces than are fetched at a time. */
@Tag("spark")
class TestTrainedRound {
  private static final JavaSparkContext CONTEXT =
      JavaSparkContext.fromSparkContext(SparkTests.session().sparkContext());
  private static final DecoderModel MODEL =
      DecoderModel.random(
          new DecoderConfig("gpt2", 1, 2, 2, 16, 32, 8, 300_000, true, 1e-5),
          DecoderHead.LANGUAGE_MODEL,
          1);
  private static final MultiLayerConfiguration CONFIGURATION =
      TrainingNetwork.configuration(
          MODEL.config(),
          MODEL.head(),
          new LanguageModeling(),
          new OptimizerConfig(1, 0, 4, 0.1, Schedule.CONSTANT, 0, Updater.ADAM, 1e-8, 0, 1),
          10,
          1);
  private static final int[] PARTITIONS = {0, 1, 2};
  private static final int STEPS = 7;

  /** The second worker has no data, the third counts three times as much as the first. */
  private static JavaRDD<RoundResult> trained(DriverNetwork driver) {
    return CONTEXT.parallelize(
        List.of(trained(driver, 1), RoundResult.withoutData(), trained(driver, 3)), 3);
  }

  private static RoundResult trained(DriverNetwork driver, double weight) {
    WorkerNetwork worker = WorkerNetworks.take(driver.handle());
    for (Floats vector : vectors(worker.network())) {
      for (long i = 0; i < vector.length(); i++) {
        vector.set(i, (float) (weight + i % 1009));
      }
    }
    worker.setVersion("worker of weight " + weight);
    WorkerNetworks.publish(worker);
    TrainingNetwork.Step step = new TrainingNetwork.Step(0, new double[] {weight}, 0, 0.1, 1, 0.5);
    return RoundResult.trained(
        worker.version(), List.of(new TakenStep(0, 1, 0, step)), new WorkerSeconds(0, 0));
  }

  private static List<Floats> vectors(TrainingNetwork network) {
    return List.of(network.parameters(), network.updaterState());
  }

  private static void assertAverage(TrainingNetwork network) {
    for (Floats vector : vectors(network)) {
      for (long i = 0; i < vector.length(); i++) {
        if (vector.at(i) != (float) (2.5 + i % 1009)) {
          assertThat(vector.at(i)).as("value %d", i).isEqualTo((float) (2.5 + i % 1009));
        }
      }
    }
  }

  @Test
  void piecesOfExecutorsAreAveraged() {
    try (DriverNetwork driver =
            new DriverNetwork(CONTEXT, CONFIGURATION, StartingModel.full(MODEL));
        TrainedRound round = FetchedRound.run(trained(driver), PARTITIONS)) {
      assertThat(round.results()).hasSize(3);
      assertThat(round.results().get(1).steps()).isEmpty();
      assertThat(round.results().get(2).seconds().serialise()).isPositive();
      driver.accept(round, STEPS);
      assertAverage(driver.network());
      assertThat(driver.steps()).isEqualTo(STEPS);
    }
  }

  @Test
  void networksOfThisJvmAreAveragedWhereTheyAreAndReadyForTheNextRound() {
    try (DriverNetwork driver =
            new DriverNetwork(CONTEXT, CONFIGURATION, StartingModel.full(MODEL));
        TrainedRound round = SharedRound.run(trained(driver), PARTITIONS)) {
      driver.accept(round, STEPS);
      assertAverage(driver.network());
      assertThat(driver.steps()).isEqualTo(STEPS);
      List<WorkerNetwork> next = new ArrayList<>();
      for (int worker = 0; worker < 2; worker++) {
        next.add(WorkerNetworks.takeIdle(driver.handle()));
      }
      for (WorkerNetwork worker : next) {
        assertThat(worker.version()).isEqualTo(driver.handle().version());
        assertThat(worker.network().steps()).isEqualTo(STEPS);
        assertAverage(worker.network());
      }
    }
  }
}
