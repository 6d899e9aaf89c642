package org.rlhf4j.jobs.train;

import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.sql.SparkSession;
import org.rlhf4j.config.RewardConfig;
import org.rlhf4j.data.dataset.PreferencePair;
import org.rlhf4j.data.dataset.Rating;
import org.rlhf4j.decoder.DecoderHead;
import org.rlhf4j.jobs.JobException;
import org.rlhf4j.jobs.dataset.Datasets;
import org.rlhf4j.jobs.train.SupervisedTraining.Outcome;
import org.rlhf4j.jobs.train.SupervisedTraining.Recipe;
import org.rlhf4j.metrics.Metric;

/**
 * Fits a reward model to preference pairs, rankings, grades, or yes and no. By Bradley-Terry a
 * ranking trains as its pairs, whose weights add up to one; the objectives on rankings keep it
 * together.
 */
public final class RewardJob {
  private static final String STAGE = "reward";

  private final SparkSession spark;
  private final RewardConfig config;
  private final TrainingSettings settings;
  private Consumer<StepMetrics> listener = step -> {};

  /**
   * What was trained.
   *
   * @param output the model directory
   * @param rows what became of the input
   * @param steps optimiser steps
   * @param loss of the last step's minibatch, nats per pair where it is Bradley-Terry
   * @param validation the final model on the validation split, if it has rows; grades have no
   *     accuracy and are left to {@code heldOutMetrics}
   * @param test the final model on the test split, likewise
   * @param heldOutMetrics the final model's metrics on the validation split; empty without rows
   * @param reference mean and deviation of the reference responses' scores before they were
   *     normalised; empty where {@code reward.normalize} is none
   */
  public record Result(
      String output,
      RowCounts rows,
      long steps,
      double loss,
      Optional<HeldOut> validation,
      Optional<HeldOut> test,
      Map<String, Double> heldOutMetrics,
      Map<String, Double> reference) {}

  public RewardJob(SparkSession spark, RewardConfig config, TrainingSettings settings) {
    this.spark = spark;
    this.config = config;
    this.settings = settings;
  }

  /** Told of each step as training goes on. */
  public RewardJob onStep(Consumer<StepMetrics> stepListener) {
    listener = stepListener;
    return this;
  }

  /**
   * Trains on the rows of split {@code train} and publishes the reward model.
   *
   * @param modelDirectory model to start from, with its tokenizer; a language model gets a new
   *     scalar head, a reward model keeps its own
   * @param input a {@code preferences} dataset; a {@code ratings} dataset for grades, yes and no
   * @param output model directory to write, with {@code metrics/reward.jsonl} inside
   * @throws JobException if no row is left to train on, or training diverged
   */
  public Result execute(String modelDirectory, String input, String output) {
    Recipe recipe =
        new Recipe(
            config,
            model -> model.withHead(DecoderHead.SCALAR, settings.seed()),
            RewardObjectives.of(config),
            limits -> encode(input, limits, modelDirectory),
            NormalizeScores.of(spark, config, settings, modelDirectory));
    Outcome outcome =
        new SupervisedTraining(spark, STAGE, settings, listener)
            .run(modelDirectory, input, output, recipe);
    return new Result(
        output,
        outcome.rows(),
        outcome.steps(),
        outcome.loss(),
        heldOut(outcome.rows().validation(), outcome.validation()),
        heldOut(outcome.rows().test(), outcome.test()),
        outcome.validation(),
        outcome.finish());
  }

  private JavaRDD<EncodedRow> encode(String input, SequenceLimits limits, String modelDirectory) {
    Datasets datasets = new Datasets(spark, Datasets.OutputFormat.PARQUET);
    boolean ratings = InputKind.isRatings(spark, datasets, input);
    ScoreEncoder scores = new ScoreEncoder(limits);
    return switch (config.objective()) {
      case BRADLEY_TERRY -> {
        RowEncoder<PreferencePair> pair = new PairEncoder(limits)::pair;
        yield pair.encodeAll(pairs(datasets, input, ratings), modelDirectory);
      }
      case RANKING_PAIRS, PLACKETT_LUCE, BEST_OF_K -> {
        RowEncoder<RankedResponses> ranking = scores::ranking;
        yield ranking.encodeAll(
            RankedResponses.of(pairs(datasets, input, ratings)), modelDirectory);
      }
      case RATING, BINARY -> {
        requireRatings(ratings, input);
        RowEncoder<Rating> rating = scores::rating;
        yield rating.encodeAll(
            datasets.read(input, Rating.class).map(GradeCheck.of(config)::checked), modelDirectory);
      }
    };
  }

  private static JavaRDD<PreferencePair> pairs(
      Datasets datasets, String input, boolean areRatings) {
    return areRatings
        ? RatedPairs.of(
            datasets.read(input, Rating.class),
            input,
            "give preferences or set reward.objective to rating or binary")
        : datasets.read(input, PreferencePair.class);
  }

  private void requireRatings(boolean areRatings, String input) {
    if (!areRatings) {
      throw JobException.badInput(
          "Input %s has no ratings, which the objective %s needs; check --input and"
              + " reward.objective",
          input, config.objective().name().toLowerCase(Locale.ROOT).replace('_', '-'));
    }
  }

  private static Optional<HeldOut> heldOut(long pairs, Map<String, Double> metrics) {
    return metrics.containsKey(Metric.ACCURACY.key())
        ? Optional.of(HeldOut.of(pairs, metrics))
        : Optional.empty();
  }
}
