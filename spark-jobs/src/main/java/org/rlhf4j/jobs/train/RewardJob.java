package org.rlhf4j.jobs.train;

import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.sql.SparkSession;
import org.rlhf4j.data.dataset.PreferencePair;
import org.rlhf4j.decoder.DecoderHead;
import org.rlhf4j.jobs.JobException;
import org.rlhf4j.jobs.dataset.Datasets;
import org.rlhf4j.jobs.train.SupervisedTraining.Outcome;
import org.rlhf4j.jobs.train.SupervisedTraining.Recipe;
import org.rlhf4j.objective.BradleyTerry;

/**
 * Fits a reward model to preference pairs by Bradley-Terry. A ranking trains as its pairs, whose
 * weights add up to one.
 */
public final class RewardJob {
  private static final String STAGE = "reward";
  private static final double NO_CENTRING = 0;

  private final SparkSession spark;
  private final TrainingSettings settings;
  private Consumer<StepMetrics> listener = step -> {};

  /**
   * What was trained.
   *
   * @param output the model directory
   * @param rows what became of the input
   * @param steps optimiser steps
   * @param loss of the last step's minibatch, nats per pair
   * @param validation the final model on the validation split, if it has rows
   * @param test the final model on the test split, if it has rows
   */
  public record Result(
      String output,
      RowCounts rows,
      long steps,
      double loss,
      Optional<HeldOut> validation,
      Optional<HeldOut> test) {}

  public RewardJob(SparkSession spark, TrainingSettings settings) {
    this.spark = spark;
    this.settings = settings;
  }

  /** Told of each step as training goes on. */
  public RewardJob onStep(Consumer<StepMetrics> stepListener) {
    listener = stepListener;
    return this;
  }

  /**
   * Trains on the pairs of split {@code train} and publishes the reward model.
   *
   * @param modelDirectory model to start from, with its tokenizer; a language model gets a new
   *     scalar head, a reward model keeps its own
   * @param input a {@code preferences} dataset
   * @param output model directory to write, with {@code metrics/reward.jsonl} inside
   * @throws JobException if no row is left to train on, or training diverged
   */
  public Result execute(String modelDirectory, String input, String output) {
    Recipe recipe =
        new Recipe(
            model -> model.withHead(DecoderHead.SCALAR, settings.seed()),
            new BradleyTerry(NO_CENTRING),
            limits -> encode(input, new PairEncoder(limits), modelDirectory));
    Outcome outcome =
        new SupervisedTraining(spark, STAGE, settings, listener)
            .run(modelDirectory, input, output, recipe);
    return new Result(
        output,
        outcome.rows(),
        outcome.steps(),
        outcome.loss(),
        heldOut(outcome.rows().validation(), outcome.validation()),
        heldOut(outcome.rows().test(), outcome.test()));
  }

  private JavaRDD<EncodedRow> encode(String input, PairEncoder encoder, String modelDirectory) {
    Datasets datasets = new Datasets(spark, Datasets.OutputFormat.PARQUET);
    RowEncoder<PreferencePair> pair = encoder::pair;
    return pair.encodeAll(datasets.read(input, PreferencePair.class), modelDirectory);
  }

  private static Optional<HeldOut> heldOut(long pairs, Map<String, Double> metrics) {
    return metrics.isEmpty() ? Optional.empty() : Optional.of(HeldOut.of(pairs, metrics));
  }
}
