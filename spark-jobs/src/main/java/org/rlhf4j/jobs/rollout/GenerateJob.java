package org.rlhf4j.jobs.rollout;

import java.util.Collections;
import java.util.Iterator;
import java.util.Optional;
import org.apache.spark.TaskContext;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.function.FlatMapFunction;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.util.TaskCompletionListener;
import org.rlhf4j.config.ConfigException;
import org.rlhf4j.config.DataConfig;
import org.rlhf4j.config.GenerationConfig;
import org.rlhf4j.config.ScoreConfig;
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
  private final ScoreConfig score;
  private final DataConfig data;

  /**
   * @param rollouts published rows; a draw whose prompt is too long gives none under {@code
   *     data.over-length: quarantine}
   */
  public record Result(String output, long rollouts) {}

  /**
   * @param score how a reward model's scores are read; for {@code generation.best-of}
   */
  public GenerateJob(
      SparkSession spark,
      Datasets datasets,
      GenerationConfig generation,
      ScoreConfig score,
      DataConfig data) {
    this.spark = spark;
    this.datasets = datasets;
    this.generation = generation;
    this.score = score;
    this.data = data;
  }

  /**
   * @param draws responses to sample; their order and partitions do not matter
   * @param seed of the run
   * @param iteration part of each rollout's identity; 0 outside an on-policy loop
   * @throws ConfigException if several responses were to be sampled for one with no reward model to
   *     choose, or the other way round
   */
  public Result execute(
      JavaRDD<PromptDraw> draws, RolloutModels models, long seed, long iteration, String output) {
    requireChoice(models.rewardModel());
    CutTexts cut = CutTexts.of(spark.sparkContext());
    RolloutPlan plan =
        new RolloutPlan(
            models,
            generation,
            score,
            data,
            seed,
            iteration,
            TaskThreads.of(spark.sparkContext()),
            cut);
    JavaRDD<Rollout> rollouts = draws.mapPartitions(new SampleRollouts(plan));
    long rows = datasets.publish(output, Rollout.class, rollouts, "generate", models.directories());
    models.rewardModel().ifPresent(model -> cut.warn(model, rows * generation.bestOf()));
    return new Result(output, rows);
  }

  private void requireChoice(Optional<String> rewardModel) {
    if (rewardModel.isPresent() != generation.bestOf() > 1) {
      throw new ConfigException(
          rewardModel.isPresent()
              ? "generation.best-of is 1, so that the reward model has no choice; set it to 2 or"
                  + " more or leave the reward model out"
              : String.format(
                  "generation.best-of is %d, but no reward model chooses; name one with generate"
                      + " --reward-model or set it to 1",
                  generation.bestOf()));
    }
    if (generation.bestOf() > 1 && generation.greedy()) {
      throw new ConfigException(
          "generation.best-of wants different responses, but greedy ones are all the same; set"
              + " generation.greedy to false");
    }
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
      int responses = plan.generation().batchSize() * BATCHES_PER_CHUNK;
      int chunkSize = Math.max(1, responses / plan.generation().bestOf());
      return new ChunkedIterator<>(draws, chunkSize, sampler::sample);
    }
  }
}
