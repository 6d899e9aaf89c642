package org.rlhf4j.jobs.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.SparkSession;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.spark.api.RDDTrainingApproach;
import org.deeplearning4j.spark.api.Repartition;
import org.deeplearning4j.spark.impl.multilayer.SparkDl4jMultiLayer;
import org.deeplearning4j.spark.impl.paramavg.ParameterAveragingTrainingMaster;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.dataset.DataSet;
import org.rlhf4j.config.OptimizerConfig;
import org.rlhf4j.config.OptimizerConfig.Schedule;
import org.rlhf4j.config.OptimizerConfig.Updater;
import org.rlhf4j.config.TrainerConfig;
import org.rlhf4j.config.TrainerConfig.Device;
import org.rlhf4j.decoder.DecoderConfig;
import org.rlhf4j.decoder.DecoderHead;
import org.rlhf4j.decoder.DecoderModel;
import org.rlhf4j.dl4j.TrainingExample;
import org.rlhf4j.dl4j.TrainingNetwork;
import org.rlhf4j.jobs.SparkTests;
import org.rlhf4j.objective.LanguageModeling;

/**
 * Deeplearning4j's own {@code ParameterAveragingTrainingMaster} as the oracle, where it holds:
 * whole rounds, one fit for each, workers that see equally much, and as many partitions as workers.
 */
@Tag("spark")
class TestStockMaster {
  /** Both average two workers; the stock master sums in float, this one in double. */
  private static final double SUMS_IN_FLOAT = 1e-6;

  private static final int VOCABULARY = 16;
  private static final int LENGTH = 6;
  private static final int WORKERS = 2;
  private static final int FREQUENCY = 2;
  private static final int BATCH = 8;
  private static final int ROUNDS = 3;
  private static final long EPOCH_SEED = 11;
  private static final DecoderModel MODEL =
      DecoderModel.random(
          new DecoderConfig("gpt2", 1, 2, 2, 16, 32, 12, VOCABULARY, true, 1e-5),
          DecoderHead.LANGUAGE_MODEL,
          1);
  private static final SparkSession SPARK = SparkTests.session();
  private static final JavaSparkContext CONTEXT =
      JavaSparkContext.fromSparkContext(SPARK.sparkContext());

  private static OptimizerConfig optimizer(Updater updater, double learningRate) {
    return new OptimizerConfig(
        1, 0, BATCH, learningRate, Schedule.CONSTANT, 0, updater, 1e-5, 0.0, 1.0);
  }

  /** As many as fill the rounds, all equally long. */
  private static List<TrainingExample> examples() {
    Random random = new Random(3);
    float[] ones = {1, 1, 1, 1};
    List<TrainingExample> examples = new ArrayList<>();
    for (int i = 0; i < BATCH * FREQUENCY * ROUNDS; i++) {
      int[] tokens = random.ints(LENGTH, 0, VOCABULARY).toArray();
      examples.add(
          new TrainingExample(
              "example-" + i,
              List.of(
                  new TrainingExample.Sequence(
                      tokens, new int[] {2, 3, 4, 5}, new float[][] {ones}))));
    }
    return examples;
  }

  private static float[] ours(OptimizerConfig optimizer) {
    TrainerConfig trainer = new TrainerConfig(WORKERS, FREQUENCY, 0, Device.CPU);
    try (Learner learner =
        new Learner(
            SPARK, StartingModel.full(MODEL), new LanguageModeling(), optimizer, trainer, 100)) {
      learner.epoch(CONTEXT.parallelize(examples(), 3), EPOCH_SEED, step -> {});
      return values(learner.model().weights());
    }
  }

  private static float[] values(org.rlhf4j.tensor.Floats vector) {
    float[] values = new float[(int) vector.length()];
    vector.copyTo(0, values, 0, values.length);
    return values;
  }

  private static float[] stocks(OptimizerConfig optimizer) {
    MultiLayerConfiguration configuration =
        TrainingNetwork.configuration(
            MODEL.config(),
            DecoderHead.LANGUAGE_MODEL,
            new LanguageModeling(),
            optimizer,
            100,
            1.0);
    TrainingNetwork network = new TrainingNetwork(configuration);
    network.parameters().copyFrom(MODEL.weights(), 0);
    // A minibatch is packed as one row, so the stock master counts it as one example.
    ParameterAveragingTrainingMaster master =
        new ParameterAveragingTrainingMaster.Builder(WORKERS, 1)
            .batchSizePerWorker(1)
            .averagingFrequency(FREQUENCY)
            .workerPrefetchNumBatches(0)
            .saveUpdater(true)
            .repartionData(Repartition.Never)
            .rddTrainingApproach(RDDTrainingApproach.Direct)
            .storageLevel(null)
            .rngSeed(1)
            .build();
    SparkDl4jMultiLayer spark = new SparkDl4jMultiLayer(CONTEXT, network.network(), master);
    for (List<DataSet> round : rounds()) {
      JavaRDD<DataSet> data = CONTEXT.parallelize(round, WORKERS);
      spark.fit(data);
    }
    return values(network.parameters());
  }

  /** The minibatches that our workers get, worker by worker, of each round. */
  private static List<List<DataSet>> rounds() {
    long[] keys =
        examples().stream()
            .mapToLong(example -> EpochOrder.key(EPOCH_SEED, EpochOrder.idHash(example.id())))
            .toArray();
    EpochPlan plan = EpochPlan.of(keys, BATCH, WORKERS, FREQUENCY, Long.MAX_VALUE);
    List<List<DataSet>> byPartition =
        EpochData.minibatches(CONTEXT.parallelize(examples(), 3), plan, EPOCH_SEED)
            .glom()
            .collect();
    List<List<DataSet>> rounds = new ArrayList<>();
    for (int round = 0; round < plan.rounds(); round++) {
      List<DataSet> minibatches = new ArrayList<>();
      Arrays.stream(plan.partitionsOf(round))
          .forEach(partition -> minibatches.addAll(byPartition.get(partition)));
      rounds.add(minibatches);
    }
    return rounds;
  }

  private static void assertSameTraining(OptimizerConfig optimizer) {
    float[] ours = ours(optimizer);
    float[] stocks = stocks(optimizer);
    float[] start = values(MODEL.weights());
    double moved = 0;
    for (int i = 0; i < ours.length; i++) {
      assertThat((double) ours[i]).as("weight %d", i).isCloseTo(stocks[i], within(SUMS_IN_FLOAT));
      moved = Math.max(moved, Math.abs(ours[i] - start[i]));
    }
    assertThat(moved).isGreaterThan(1000 * SUMS_IN_FLOAT);
  }

  @Test
  void plainDescentAgrees() {
    assertSameTraining(optimizer(Updater.SGD, 0.1));
  }

  @Test
  void adamAndItsAveragedStateAgree() {
    assertSameTraining(optimizer(Updater.ADAM, 0.01));
  }
}
