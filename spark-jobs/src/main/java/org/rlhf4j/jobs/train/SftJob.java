package org.rlhf4j.jobs.train;

import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.apache.spark.sql.SparkSession;
import org.rlhf4j.jobs.JobException;
import org.rlhf4j.jobs.train.SupervisedTraining.Outcome;
import org.rlhf4j.jobs.train.SupervisedTraining.Recipe;
import org.rlhf4j.metrics.Metric;
import org.rlhf4j.objective.LanguageModeling;

/**
 * Supervised fine-tuning: a language model learns to imitate demonstrations, or the chosen
 * responses of preference pairs.
 */
public final class SftJob {
  private static final String STAGE = "sft";

  private final SparkSession spark;
  private final TrainingSettings settings;
  private Consumer<StepMetrics> listener = step -> {};

  /**
   * What was trained.
   *
   * @param output the model directory
   * @param rows what became of the input
   * @param steps optimiser steps
   * @param loss of the last step's minibatch, nats per token
   * @param validationLoss of the final model, nats per token; empty without validation rows
   */
  public record Result(
      String output, RowCounts rows, long steps, double loss, Optional<Double> validationLoss) {}

  public SftJob(SparkSession spark, TrainingSettings settings) {
    this.spark = spark;
    this.settings = settings;
  }

  /** Told of each step as training goes on. */
  public SftJob onStep(Consumer<StepMetrics> stepListener) {
    listener = stepListener;
    return this;
  }

  /**
   * Trains on the rows of split {@code train} and publishes the model.
   *
   * @param modelDirectory language model to start from, with its tokenizer
   * @param input a {@code demonstrations} or a {@code preferences} dataset
   * @param output model directory to write, with {@code metrics/sft.jsonl} inside
   * @throws JobException if the model is no language model, no row is left to train on, or training
   *     diverged
   */
  public Result execute(String modelDirectory, String input, String output) {
    Recipe recipe =
        new Recipe(
            List.of(),
            model -> StartingModel.requireLanguageModel(model, modelDirectory, STAGE),
            new LanguageModeling(),
            limits ->
                ResponseRows.encode(spark, input, new ResponseEncoder(limits), modelDirectory));
    Outcome outcome =
        new SupervisedTraining(spark, STAGE, settings, listener)
            .run(modelDirectory, input, output, recipe);
    return new Result(
        output,
        outcome.rows(),
        outcome.steps(),
        outcome.loss(),
        Optional.ofNullable(outcome.validation().get(Metric.LOSS.key())));
  }
}
