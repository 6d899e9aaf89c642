package org.rlhf4j.jobs.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.rlhf4j.config.OptimizerConfig;
import org.rlhf4j.config.OptimizerConfig.Schedule;
import org.rlhf4j.config.OptimizerConfig.Updater;
import org.rlhf4j.config.TrainerConfig;
import org.rlhf4j.config.TrainerConfig.Device;
import org.rlhf4j.decoder.DecoderConfig;
import org.rlhf4j.decoder.DecoderHead;
import org.rlhf4j.decoder.DecoderModel;
import org.rlhf4j.decoder.SequenceEvaluator;
import org.rlhf4j.decoder.TokenSequence;
import org.rlhf4j.dl4j.TrainingExample;
import org.rlhf4j.jobs.SparkTests;
import org.rlhf4j.metrics.Metric;
import org.rlhf4j.objective.PolicyObjective;
import org.rlhf4j.objective.Trpo;
import org.rlhf4j.trust.TrustRegion;

@Tag("spark")
class TestTrustRegionStep {
  private static final SparkSession SPARK = SparkTests.session();
  private static final JavaSparkContext CONTEXT =
      JavaSparkContext.fromSparkContext(SPARK.sparkContext());
  private static final double RADIUS = 0.005;
  private static final double SAME_SUM_IN_ANOTHER_ORDER = 1e-5;
  private static final int VOCABULARY = 11;
  private static final OptimizerConfig OPTIMIZER =
      new OptimizerConfig(1, 0, 8, 0.1, Schedule.CONSTANT, 0, Updater.SGD, 1e-8, 0.0, 0.0);
  private static final DecoderModel MODEL =
      DecoderModel.random(
          new DecoderConfig("gpt2", 1, 2, 2, 16, 32, 16, VOCABULARY, true, 1e-5),
          DecoderHead.LANGUAGE_MODEL,
          3);

  /** Responses whose advantages are their tokens', so that there is something to learn. */
  private static List<TrainingExample> examples() {
    Random random = new Random(7);
    List<TrainingExample> examples = new ArrayList<>();
    try (SequenceEvaluator evaluator = new SequenceEvaluator(MODEL, 512, 1)) {
      for (int i = 0; i < 40; i++) {
        int[] response = random.ints(3 + i % 4, 0, VOCABULARY).toArray();
        TokenSequence sequence = new TokenSequence(new int[] {i % VOCABULARY, 1}, response);
        float[] old = evaluator.responseLogprobs(List.of(sequence), 1.0).get(0);
        float[] advantages = new float[response.length];
        int[] targets = new int[response.length];
        Arrays.setAll(targets, t -> 2 + t);
        for (int t = 0; t < advantages.length; t++) {
          advantages[t] = response[t] < VOCABULARY / 2 ? 1 : -1;
        }
        float[][] channels = {old, advantages};
        examples.add(
            new TrainingExample(
                "rollout-" + i,
                List.of(new TrainingExample.Sequence(sequence.tokens(), targets, channels))));
      }
    }
    return examples;
  }

  private static float[] step(int workers, int partitions, Map<String, Double> metrics) {
    try (Learner learner =
        new Learner(
            SPARK,
            StartingModel.full(MODEL),
            PolicyObjective.of(new Trpo()),
            OPTIMIZER,
            new TrainerConfig(workers, 1, 0, Device.CPU),
            1)) {
      learner.trustRegionStep(
          CONTEXT.parallelize(examples(), partitions),
          new TrustRegion(RADIUS, 0.01, 10, 10),
          5,
          step -> metrics.putAll(step.values()));
      assertThat(learner.steps()).isEqualTo(1);
      float[] weights = new float[(int) learner.model().weights().length()];
      learner.model().weights().copyTo(0, weights, 0, weights.length);
      return weights;
    }
  }

  @Test
  void stepUsesTheRegionAndIsTheSameForAnyNumberOfWorkers() {
    Map<String, Double> metrics = new LinkedHashMap<>();
    float[] alone = step(1, 2, metrics);
    assertThat(metrics.get(Metric.OLD_KL.key())).isBetween(RADIUS / 10, RADIUS);
    assertThat(metrics.get(Metric.STEP_SHARE.key())).isPositive();
    assertThat(metrics.get(Metric.RATIO_DEVIATION.key())).isLessThan(1e-5);

    float[] three = step(3, 5, new LinkedHashMap<>());
    for (int i = 0; i < alone.length; i++) {
      assertThat((double) three[i])
          .as("weight %d", i)
          .isCloseTo(alone[i], within(SAME_SUM_IN_ANOTHER_ORDER));
    }
  }
}
