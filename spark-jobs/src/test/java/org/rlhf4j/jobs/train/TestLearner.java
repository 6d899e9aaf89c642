package org.rlhf4j.jobs.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.rlhf4j.config.LoraConfig;
import org.rlhf4j.config.OptimizerConfig;
import org.rlhf4j.config.OptimizerConfig.Schedule;
import org.rlhf4j.config.OptimizerConfig.Updater;
import org.rlhf4j.config.TrainerConfig;
import org.rlhf4j.config.TrainerConfig.Device;
import org.rlhf4j.decoder.DecoderConfig;
import org.rlhf4j.decoder.DecoderHead;
import org.rlhf4j.decoder.DecoderModel;
import org.rlhf4j.decoder.ParameterLayout;
import org.rlhf4j.dl4j.TrainingExample;
import org.rlhf4j.hub.ModelDirectory;
import org.rlhf4j.jobs.ExitCode;
import org.rlhf4j.jobs.JobException;
import org.rlhf4j.jobs.SparkTests;
import org.rlhf4j.objective.LanguageModeling;

@Tag("spark")
class TestLearner {
  private static final double SAME_SUM_IN_ANOTHER_ORDER = 1e-6;
  private static final int VOCABULARY = 16;
  private static final DecoderConfig SHAPE =
      new DecoderConfig("gpt2", 2, 2, 2, 16, 32, 24, VOCABULARY, true, 1e-5);
  private static final DecoderModel MODEL =
      DecoderModel.random(SHAPE, DecoderHead.LANGUAGE_MODEL, 1);
  private static final SparkSession SPARK = SparkTests.session();
  private static final JavaSparkContext CONTEXT =
      JavaSparkContext.fromSparkContext(SPARK.sparkContext());

  @TempDir private Path directory;

  private static OptimizerConfig optimizer(Updater updater, double learningRate) {
    return new OptimizerConfig(
        1, 0, 8, learningRate, Schedule.CONSTANT, 0, updater, 1e-8, 0.0, 0.0);
  }

  private static TrainerConfig workers(int workers, int averagingFrequency) {
    return new TrainerConfig(workers, averagingFrequency, 0, Device.CPU);
  }

  /** Each token tends to be followed by the next one; lengths differ. */
  private static List<TrainingExample> examples(int count) {
    Random random = new Random(5);
    List<TrainingExample> examples = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      int length = 4 + random.nextInt(8);
      int[] tokens = new int[length];
      tokens[0] = random.nextInt(VOCABULARY);
      for (int t = 1; t < length; t++) {
        int next = (tokens[t - 1] + 1) % VOCABULARY;
        tokens[t] = random.nextInt(4) == 0 ? random.nextInt(VOCABULARY) : next;
      }
      int[] targets = new int[length - 2];
      float[] weights = new float[targets.length];
      for (int k = 0; k < targets.length; k++) {
        targets[k] = k + 2;
        weights[k] = 1 + i % 2;
      }
      examples.add(
          new TrainingExample(
              "example-" + i,
              List.of(new TrainingExample.Sequence(tokens, targets, new float[][] {weights}))));
    }
    return examples;
  }

  private static Learner adaptersLearner(OptimizerConfig optimizer, TrainerConfig trainer) {
    StartingModel start =
        StartingModel.of(MODEL, new LoraConfig(2, 4, List.of("all-linear")), "not read here", 5);
    return new Learner(SPARK, start, new LanguageModeling(), optimizer, trainer, 100);
  }

  private static JavaRDD<TrainingExample> rdd(int count, int partitions) {
    return CONTEXT.parallelize(examples(count), partitions);
  }

  private static Learner learner(OptimizerConfig optimizer, TrainerConfig trainer) {
    return new Learner(
        SPARK, StartingModel.full(MODEL), new LanguageModeling(), optimizer, trainer, 100);
  }

  private static float[] weights(Learner learner) {
    float[] weights = new float[(int) learner.model().weights().length()];
    learner.model().weights().copyTo(0, weights, 0, weights.length);
    return weights;
  }

  private static float[] trained(OptimizerConfig optimizer, TrainerConfig trainer, int partitions) {
    try (Learner learner = learner(optimizer, trainer)) {
      return trained(learner, partitions);
    }
  }

  private static float[] trained(Learner learner, int partitions) {
    learner.epoch(rdd(45, partitions), 11, step -> {});
    return weights(learner);
  }

  private static void assertClose(float[] actual, float[] expected, double tolerance) {
    for (int i = 0; i < expected.length; i++) {
      assertThat((double) actual[i]).as("weight %d", i).isCloseTo(expected[i], within(tolerance));
    }
  }

  @Test
  void workersWithOneStepPerRoundAreOneWorkerOnTheUnion() {
    OptimizerConfig sgd = optimizer(Updater.SGD, 0.5);
    float[] alone = trained(sgd, workers(1, 1), 2);
    assertThat(alone).isNotEqualTo(start());
    assertClose(trained(sgd, workers(2, 1), 2), alone, SAME_SUM_IN_ANOTHER_ORDER);
    assertClose(trained(sgd, workers(3, 1), 2), alone, SAME_SUM_IN_ANOTHER_ORDER);
  }

  @Test
  void workersWithAdaptersAreOneWorkerOnTheUnion() {
    OptimizerConfig sgd = optimizer(Updater.SGD, 0.5);
    float[] before = start();
    try (Learner one = adaptersLearner(sgd, workers(1, 1));
        Learner two = adaptersLearner(sgd, workers(2, 1))) {
      assertThat(weights(one)).containsExactly(before);
      float[] alone = trained(one, 2);
      assertThat(alone).isNotEqualTo(before);
      assertClose(trained(two, 2), alone, SAME_SUM_IN_ANOTHER_ORDER);
      for (ParameterLayout.Entry entry : MODEL.layout().entries()) {
        boolean adapted = entry.name().matches(".*\\.c_(attn|proj|fc)\\.weight");
        for (long i = entry.offset(); !adapted && i < entry.offset() + entry.size(); i++) {
          assertThat(alone[(int) i]).as(entry.name()).isEqualTo(before[(int) i]);
        }
      }
    }
  }

  @Test
  void savedAdaptersContinueBitForBit() throws Exception {
    OptimizerConfig adam = optimizer(Updater.ADAM, 0.02);
    Path checkpoint = Files.createDirectories(directory.resolve("checkpoint"));
    Path state = checkpoint.resolve("state.bin");
    JavaRDD<TrainingExample> data = rdd(45, 2);
    float[] uninterrupted;
    try (Learner learner = adaptersLearner(adam, workers(2, 1))) {
      double loss = learner.evaluate(data).get("loss");
      learner.epoch(data, 1, step -> {});
      learner.saveModel(directory, checkpoint);
      learner.saveState(state);
      learner.epoch(data, 2, step -> {});
      assertThat(learner.evaluate(data).get("loss")).isLessThan(loss - 0.05);
      uninterrupted = weights(learner);
    }
    try (Learner learner = adaptersLearner(adam, workers(2, 1))) {
      learner.loadAdapters(checkpoint);
      learner.loadState(state);
      assertThat(ModelDirectory.load(checkpoint).weights().at(3000))
          .isEqualTo(weights(learner)[3000]);
      learner.epoch(data, 2, step -> {});
      assertThat(weights(learner)).containsExactly(uninterrupted);
    }
  }

  private static float[] start() {
    float[] weights = new float[(int) MODEL.weights().length()];
    MODEL.weights().copyTo(0, weights, 0, weights.length);
    return weights;
  }

  @Test
  void partitionsOfTheInputChangeNothing() {
    OptimizerConfig adam = optimizer(Updater.ADAM, 0.01);
    for (TrainerConfig trainer : List.of(workers(1, 1), workers(2, 2))) {
      float[] expected = trained(adam, trainer, 1);
      assertThat(trained(adam, trainer, 3)).containsExactly(expected);
      assertThat(trained(adam, trainer, 7)).containsExactly(expected);
    }
  }

  @Test
  void rowsOfOneIdAreTrainedOnLikeOthers() {
    List<TrainingExample> same =
        examples(45).stream().map(e -> new TrainingExample("same", e.sequences())).toList();
    List<StepMetrics> steps = new ArrayList<>();
    try (Learner learner = learner(optimizer(Updater.SGD, 0.5), workers(2, 1))) {
      learner.epoch(CONTEXT.parallelize(same, 3), 11, steps::add);
      assertThat(learner.steps()).isEqualTo(steps.size());
      assertThat(learner.evaluate(rdd(45, 2)).get("loss"))
          .isLessThan(steps.get(0).values().get("loss"));
    }
  }

  @Test
  void lossFallsAndEveryStepIsReportedOnce() {
    List<StepMetrics> steps = new ArrayList<>();
    try (Learner learner = learner(optimizer(Updater.ADAM, 0.02), workers(2, 2))) {
      JavaRDD<TrainingExample> data = rdd(45, 3).cache();
      double before = learner.evaluate(data).get("loss");
      for (int epoch = 0; epoch < 5; epoch++) {
        assertThat(learner.epoch(data, epoch, steps::add)).isEqualTo(6);
      }
      assertThat(learner.evaluate(data).get("loss")).isLessThan(before * 0.8);
    }
    assertThat(steps).extracting(StepMetrics::step).containsExactly(oneTo(30));
    assertThat(steps.get(0).values())
        .containsKeys("loss", "learning-rate", "gradient-norm", "tokens-per-second")
        .containsEntry("learning-rate", 0.02);
    assertThat(steps.get(0).values().get("loss")).isCloseTo(Math.log(VOCABULARY), within(0.2));
    assertThat(steps.get(0).values()).doesNotContainKey("averaging/cost");
    Map<String, Double> endOfRound = steps.get(1).values();
    assertThat(endOfRound.get("averaging/round")).isGreaterThan(endOfRound.get("averaging/cost"));
    assertThat(endOfRound.get("averaging/cost"))
        .isGreaterThan(endOfRound.get("averaging/set") + endOfRound.get("averaging/aggregate"));
    assertThat(endOfRound.get("averaging/share")).isBetween(0.0, 1.0);
  }

  private static Long[] oneTo(int last) {
    Long[] numbers = new Long[last];
    for (int i = 0; i < last; i++) {
      numbers[i] = i + 1L;
    }
    return numbers;
  }

  @Test
  void metricsOfAStepAreThoseOfTheWholeMinibatch() {
    List<StepMetrics> alone = new ArrayList<>();
    List<StepMetrics> shared = new ArrayList<>();
    OptimizerConfig sgd = optimizer(Updater.SGD, 0.5);
    try (Learner one = learner(sgd, workers(1, 1));
        Learner three = learner(sgd, workers(3, 1))) {
      one.epoch(rdd(45, 2), 1, alone::add);
      three.epoch(rdd(45, 2), 1, shared::add);
    }
    for (int i = 0; i < alone.size(); i++) {
      assertThat(shared.get(i).values().get("loss"))
          .isCloseTo(alone.get(i).values().get("loss"), within(SAME_SUM_IN_ANOTHER_ORDER));
    }
  }

  @Test
  void aLoadedStateContinuesBitForBit() {
    OptimizerConfig adam = optimizer(Updater.ADAM, 0.02);
    Path state = directory.resolve("state.bin");
    JavaRDD<TrainingExample> data = rdd(45, 2);
    float[] uninterrupted;
    DecoderModel half;
    try (Learner learner = learner(adam, workers(1, 1))) {
      learner.epoch(data, 1, step -> {});
      learner.saveState(state);
      half = copy(learner.model());
      learner.epoch(data, 2, step -> {});
      uninterrupted = weights(learner);
    }
    try (Learner learner =
        new Learner(
            SPARK, StartingModel.full(half), new LanguageModeling(), adam, workers(1, 1), 100)) {
      learner.loadState(state);
      assertThat(learner.steps()).isEqualTo(6);
      learner.epoch(data, 2, step -> {});
      assertThat(weights(learner)).containsExactly(uninterrupted);
    }
  }

  private static DecoderModel copy(DecoderModel model) {
    DecoderModel copy = DecoderModel.random(model.config(), model.head(), 0);
    copy.weights().copyFrom(model.weights(), 0);
    return copy;
  }

  @Test
  void aForeignStateIsRefused() throws Exception {
    Path state = directory.resolve("state.bin");
    Files.write(state, new byte[40]);
    try (Learner learner = learner(optimizer(Updater.ADAM, 0.02), workers(1, 1))) {
      assertThatThrownBy(() -> learner.loadState(state))
          .isInstanceOf(JobException.class)
          .hasMessageContaining("state.bin: this is no training state of a model with");
    }
  }

  @Test
  void aDivergedRoundIsRejectedAndTheLastWeightsStay() {
    try (Learner learner = learner(optimizer(Updater.SGD, 1e38), workers(2, 1))) {
      assertThatThrownBy(() -> learner.epoch(rdd(45, 2), 1, step -> {}))
          .isInstanceOfSatisfying(
              JobException.class, e -> assertThat(e.exitCode()).isEqualTo(ExitCode.GATE_FAILED))
          .hasMessageContaining("Training diverged after step");
      for (float weight : weights(learner)) {
        assertThat(weight).isFinite();
      }
    }
  }

  @Test
  void maxStepsCutsAnEpoch() {
    OptimizerConfig cut =
        new OptimizerConfig(1, 4, 8, 0.01, Schedule.LINEAR, 0, Updater.ADAM, 1e-8, 0.0, 1.0);
    try (Learner learner = learner(cut, workers(1, 1))) {
      assertThat(learner.epoch(rdd(45, 2), 1, step -> {})).isEqualTo(4);
      assertThat(learner.epoch(rdd(45, 2), 2, step -> {})).isZero();
    }
    assertThat(Learner.totalSteps(cut, 45)).isEqualTo(4);
  }
}
