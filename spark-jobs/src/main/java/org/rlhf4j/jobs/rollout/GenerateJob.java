package org.rlhf4j.jobs.rollout;

import java.util.Collections;
import java.util.Iterator;
import org.apache.spark.TaskContext;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.function.FlatMapFunction;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.util.TaskCompletionListener;
import org.rlhf4j.config.DataConfig;
import org.rlhf4j.config.GenerationConfig;
import org.rlhf4j.data.dataset.Rollout;
import org.rlhf4j.jobs.dataset.Datasets;
import org.rlhf4j.jobs.model.TaskThreads;

/** Samples responses to prompts and publishes them as {@code rollouts}. */
public final class GenerateJob {
  /** Generation batches that pass through a task together; long batches refill finished rows. */
  private static final int BATCHES_PER_CHUNK = 8;

  private final SparkSession spark;
  private final Datasets datasets;
  private final GenerationConfig generation;
  private final DataConfig data;

  /**
   * @param rollouts published rows; a draw whose prompt is too long gives none under {@code
   *     data.over-length: quarantine}
   */
  public record Result(String output, long rollouts) {}

  public GenerateJob(
      SparkSession spark, Datasets datasets, GenerationConfig generation, DataConfig data) {
    this.spark = spark;
    this.datasets = datasets;
    this.generation = generation;
    this.data = data;
  }

  /**
   * @param draws responses to sample; their order and partitions do not matter
   * @param seed of the run
   * @param iteration part of each rollout's identity; 0 outside an on-policy loop
   */
  public Result execute(
      JavaRDD<PromptDraw> draws, RolloutModels models, long seed, long iteration, String output) {
    RolloutPlan plan =
        new RolloutPlan(
            models, generation, data, seed, iteration, TaskThreads.of(spark.sparkContext()));
    JavaRDD<Rollout> rollouts = draws.mapPartitions(new SampleRollouts(plan));
    long rows = datasets.publish(output, Rollout.class, rollouts, "generate", models.directories());
    return new Result(output, rows);
  }

  /** One task. */
  private record SampleRollouts(RolloutPlan plan)
      implements FlatMapFunction<Iterator<PromptDraw>, Rollout> {
    @Override
    public Iterator<Rollout> call(Iterator<PromptDraw> draws) {
      if (!draws.hasNext()) {
        return Collections.emptyIterator();
      }
      RolloutSampler sampler = new RolloutSampler(plan);
      TaskCompletionListener close = context -> sampler.close();
      TaskContext.get().addTaskCompletionListener(close);
      int chunkSize = plan.generation().batchSize() * BATCHES_PER_CHUNK;
      return new ChunkedIterator<>(draws, chunkSize, sampler::sample);
    }
  }
}
