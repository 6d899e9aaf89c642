package org.rlhf4j.jobs.train;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.storage.StorageLevel;
import org.rlhf4j.config.DpoConfig;
import org.rlhf4j.data.dataset.PreferencePair;
import org.rlhf4j.data.dataset.Rating;
import org.rlhf4j.jobs.JobException;
import org.rlhf4j.jobs.dataset.Datasets;
import org.rlhf4j.jobs.model.TaskThreads;
import org.rlhf4j.jobs.train.SupervisedTraining.Outcome;
import org.rlhf4j.jobs.train.SupervisedTraining.Recipe;
import org.rlhf4j.metrics.Metric;
import org.rlhf4j.objective.Objective;

/**
 * Tunes a language model on preferences without a reward model: DPO and its relatives. The
 * reference policy is the model it starts from.
 */
public final class DpoJob {
  private static final String STAGE = "dpo";

  private final SparkSession spark;
  private final DpoConfig config;
  private final TrainingSettings settings;
  private final List<String> channels;
  private final Objective objective;
  private Consumer<StepMetrics> listener = step -> {};

  /**
   * What was trained.
   *
   * @param output the model directory
   * @param rows what became of the input
   * @param steps optimiser steps
   * @param lastStep metrics of the last step's minibatch
   * @param validation the final model on the validation split, if it has rows
   * @param test the final model on the test split, if it has rows
   */
  public record Result(
      String output,
      RowCounts rows,
      long steps,
      Map<String, Double> lastStep,
      Optional<HeldOut> validation,
      Optional<HeldOut> test) {}

  public DpoJob(SparkSession spark, DpoConfig config, TrainingSettings settings) {
    this.spark = spark;
    this.config = config;
    this.settings = settings;
    this.objective = PreferenceObjectives.of(config);
    this.channels = List.of(objective.channels());
  }

  /** Told of each step as training goes on. */
  public DpoJob onStep(Consumer<StepMetrics> stepListener) {
    listener = stepListener;
    return this;
  }

  /**
   * Trains on the rows of split {@code train} and publishes the policy.
   *
   * @param modelDirectory language model to start from, with its tokenizer
   * @param input a {@code preferences} dataset; for KTO also {@code ratings}
   * @param output model directory to write, with {@code metrics/dpo.jsonl} inside
   * @throws JobException if the model is no language model, no row is left to train on, or training
   *     diverged
   */
  public Result execute(String modelDirectory, String input, String output) {
    Recipe recipe =
        new Recipe(
            config,
            model -> StartingModel.requireLanguageModel(model, modelDirectory, STAGE),
            objective,
            limits -> examples(input, limits, modelDirectory));
    Outcome outcome =
        new SupervisedTraining(spark, STAGE, settings, listener)
            .run(modelDirectory, input, output, recipe);
    return new Result(
        output,
        outcome.rows(),
        outcome.steps(),
        outcome.lastStep(),
        heldOut(outcome.rows().validation(), outcome.validation()),
        heldOut(outcome.rows().test(), outcome.test()));
  }

  private JavaRDD<EncodedRow> examples(String input, SequenceLimits limits, String modelDirectory) {
    JavaRDD<EncodedRow> rows = encode(input, limits, modelDirectory);
    if (config.objective() == DpoConfig.Objective.KTO) {
      // Freed with its last user: the rows with references are persisted in its place.
      rows = rows.persist(StorageLevel.MEMORY_AND_DISK());
      rows = UnrelatedResponses.append(rows, limits.contextLength());
    }
    if (!channels.contains(Objective.REFERENCE_CHANNEL)) {
      return rows;
    }
    int threads = TaskThreads.of(spark.sparkContext());
    return rows.mapPartitions(new ReferenceLogprobs(modelDirectory, threads));
  }

  private JavaRDD<EncodedRow> encode(String input, SequenceLimits limits, String modelDirectory) {
    PreferenceEncoder encoder = new PreferenceEncoder(limits, channels, config.goodRating());
    Datasets datasets = new Datasets(spark, Datasets.OutputFormat.PARQUET);
    boolean areRatings = InputKind.isRatings(spark, datasets, input);
    if (areRatings && config.objective() == DpoConfig.Objective.KTO) {
      RowEncoder<Rating> rating = encoder::rating;
      return rating.encodeAll(datasets.read(input, Rating.class), modelDirectory);
    }
    RowEncoder<PreferencePair> pair = encoder::pair;
    JavaRDD<PreferencePair> pairs =
        areRatings
            ? RatedPairs.of(
                datasets.read(input, Rating.class),
                input,
                "give preferences or set dpo.objective to kto")
            : datasets.read(input, PreferencePair.class);
    return pair.encodeAll(pairs, modelDirectory);
  }

  private static Optional<HeldOut> heldOut(long rows, Map<String, Double> metrics) {
    return metrics.isEmpty()
        ? Optional.empty()
        : Optional.of(HeldOut.of(rows, metrics, Metric.REWARDS_MARGIN));
  }
}
