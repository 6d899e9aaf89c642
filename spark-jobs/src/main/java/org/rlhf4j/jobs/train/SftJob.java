package org.rlhf4j.jobs.train;

import java.util.Optional;
import java.util.function.Consumer;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.sql.SparkSession;
import org.rlhf4j.config.DataConfig;
import org.rlhf4j.config.OptimizerConfig;
import org.rlhf4j.config.TrainerConfig;
import org.rlhf4j.data.dataset.Demonstration;
import org.rlhf4j.data.dataset.PreferencePair;
import org.rlhf4j.decoder.DecoderHead;
import org.rlhf4j.decoder.DecoderModel;
import org.rlhf4j.hub.ModelDirectory;
import org.rlhf4j.jobs.JobException;
import org.rlhf4j.jobs.checkpoint.LocalDirectory;
import org.rlhf4j.jobs.dataset.Datasets;
import org.rlhf4j.metrics.Metric;
import org.rlhf4j.objective.LanguageModeling;

/**
 * Supervised fine-tuning: a language model learns to imitate demonstrations, or the chosen
 * responses of preference pairs.
 */
public final class SftJob {
  private static final String STAGE = "sft";

  private final SparkSession spark;
  private final OptimizerConfig optimizer;
  private final TrainerConfig trainer;
  private final DataConfig data;
  private final long seed;
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

  public SftJob(
      SparkSession spark,
      OptimizerConfig optimizer,
      TrainerConfig trainer,
      DataConfig data,
      long seed) {
    this.spark = spark;
    this.optimizer = optimizer;
    this.trainer = trainer;
    this.data = data;
    this.seed = seed;
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
    try (LocalDirectory local = LocalDirectory.of(modelDirectory)) {
      DecoderModel model = ModelDirectory.load(local.path());
      if (model.head() != DecoderHead.LANGUAGE_MODEL) {
        throw JobException.badInput(
            "Model %s is a reward model; sft needs a language model", modelDirectory);
      }
      SequenceLimits limits = SequenceLimits.of(data, model.config().contextLength());
      ResponseEncoder encoder = new ResponseEncoder(limits);
      try (TrainingRows rows = new TrainingRows(encode(input, encoder, modelDirectory))) {
        rows.requireTrainingRows(input);
        SupervisedTraining.Outcome outcome =
            new SupervisedTraining(spark, STAGE, optimizer, trainer, seed, listener)
                .run(model, new LanguageModeling(), rows, local, output);
        return new Result(
            output,
            rows.counts(),
            outcome.steps(),
            outcome.lastStep().get(Metric.LOSS.key()),
            Optional.ofNullable(outcome.validation().get(Metric.LOSS.key())));
      }
    }
  }

  private JavaRDD<EncodedRow> encode(String input, ResponseEncoder encoder, String modelDirectory) {
    Datasets datasets = new Datasets(spark, Datasets.OutputFormat.PARQUET);
    if (InputKind.isPreferences(spark, datasets, input)) {
      RowEncoder<PreferencePair> chosen = encoder::chosen;
      return chosen.encodeAll(datasets.read(input, PreferencePair.class), modelDirectory);
    }
    RowEncoder<Demonstration> demonstration = encoder::demonstration;
    return demonstration.encodeAll(datasets.read(input, Demonstration.class), modelDirectory);
  }
}
