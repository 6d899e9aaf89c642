package org.rlhf4j.jobs.ppo;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.SparkSession;
import org.rlhf4j.config.PolicyObjectiveConfig.Aggregation;
import org.rlhf4j.dl4j.TrainingExample;
import org.rlhf4j.dl4j.TrainingExample.Sequence;
import org.rlhf4j.jobs.JobException;
import org.rlhf4j.jobs.model.ExecutorModels;
import org.rlhf4j.jobs.rollout.StableHash;
import org.rlhf4j.jobs.train.ResponseRows;
import scala.Tuple2;

/**
 * Pretraining rows of a run, and those of each iteration: every row once per pass over them, in an
 * order that is a function of the seed and the rows' ids.
 *
 * <p>A row joins a response's example as a further sequence, so that every minibatch holds as many
 * rows per response and a pass over the experience is one over them.
 */
final class PretrainingSource implements AutoCloseable {
  private final JavaSparkContext spark;
  private final PpoSettings settings;
  private final ResponseRows rows;
  private final PromptSchedule schedule;

  private PretrainingSource(JavaSparkContext spark, PpoSettings settings, ResponseRows rows) {
    this.spark = spark;
    this.settings = settings;
    this.rows = rows;
    this.schedule =
        new PromptSchedule(rows.ids(), StableHash.of("pretraining-order", settings.seed()));
  }

  /**
   * @throws JobException if no rows are given, or none is to train on
   */
  static PretrainingSource open(SparkSession spark, PpoSettings settings, PpoJob.Inputs inputs) {
    String input =
        inputs
            .pretraining()
            .orElseThrow(
                () ->
                    JobException.badInput(
                        "ppo.pretraining-coefficient is %s, but there are no rows; set"
                            + " ppo.pretraining-input to demonstrations or preferences",
                        settings.pretraining().coefficient()));
    int contextLength = ExecutorModels.languageModel(inputs.policy()).config().contextLength();
    return new PretrainingSource(
        JavaSparkContext.fromSparkContext(spark.sparkContext()),
        settings,
        ResponseRows.open(spark, input, settings.data(), inputs.policy(), contextLength));
  }

  /**
   * Rows of one iteration, in order.
   *
   * @param iteration counted from 1
   */
  List<Sequence> sequences(long iteration, int responses) {
    int count = responses * settings.pretraining().rowsPerResponse();
    List<String> ids =
        schedule.uses(iteration, count).stream().map(PromptSchedule.Use::promptId).toList();
    Map<String, Sequence> byId = rows.sequences(new HashSet<>(ids));
    return ids.stream().map(byId::get).toList();
  }

  /**
   * The policy's examples, each with its share of the iteration's rows, by the order of their ids.
   *
   * @param examples one sequence each; all tokens of the policy's
   * @param iteration counted from 1
   */
  Mixed mix(JavaRDD<TrainingExample> examples, long iteration) {
    Map<String, Integer> lengths =
        examples
            .mapToPair(
                example -> new Tuple2<>(example.id(), example.sequences().get(0).targets().length))
            .collectAsMap();
    List<Sequence> added = sequences(iteration, lengths.size());
    float scale = (float) (policyWeight(lengths) / weight(added));
    List<String> order = lengths.keySet().stream().sorted().toList();
    int share = settings.pretraining().rowsPerResponse();
    Map<String, List<Sequence>> byId = new HashMap<>();
    for (int i = 0; i < order.size(); i++) {
      byId.put(order.get(i), List.copyOf(added.subList(i * share, (i + 1) * share)));
    }
    Broadcast<Map<String, List<Sequence>>> shared = spark.broadcast(byId);
    return new Mixed(
        examples.map(example -> mixed(example, shared.value().get(example.id()), scale)), shared);
  }

  /** What the policy's loss is divided by over the whole iteration. */
  private double policyWeight(Map<String, Integer> lengths) {
    return settings.objective().lossAggregation() == Aggregation.RESPONSES
        ? lengths.size()
        : lengths.values().stream().mapToLong(Integer::longValue).sum();
  }

  private static double weight(List<Sequence> rows) {
    double weight = 0;
    for (Sequence row : rows) {
      for (float value : row.channels()[0]) {
        weight += value;
      }
    }
    return weight;
  }

  private static TrainingExample mixed(TrainingExample example, List<Sequence> rows, float scale) {
    Sequence own = example.sequences().get(0);
    int channels = own.channels().length;
    List<Sequence> sequences = new ArrayList<>();
    float[][] ownChannels = Arrays.copyOf(own.channels(), channels + 1);
    ownChannels[channels] = new float[own.targets().length];
    sequences.add(new Sequence(own.tokens(), own.targets(), ownChannels));
    for (Sequence row : rows) {
      float[][] values = new float[channels + 1][row.targets().length];
      for (int k = 0; k < row.targets().length; k++) {
        values[channels][k] = scale * row.channels()[0][k];
      }
      sequences.add(new Sequence(row.tokens(), row.targets(), values));
    }
    return new TrainingExample(example.id(), sequences);
  }

  @Override
  public void close() {
    rows.close();
  }

  /**
   * @param rows valid until closed
   */
  record Mixed(JavaRDD<TrainingExample> examples, Broadcast<Map<String, List<Sequence>>> rows)
      implements AutoCloseable {
    @Override
    public void close() {
      rows.destroy();
    }
  }
}
