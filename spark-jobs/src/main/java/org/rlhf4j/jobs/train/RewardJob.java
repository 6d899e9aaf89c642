package org.rlhf4j.jobs.train;

import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.apache.spark.sql.SparkSession;
import org.rlhf4j.config.DataConfig;
import org.rlhf4j.config.OptimizerConfig;
import org.rlhf4j.config.TrainerConfig;
import org.rlhf4j.data.dataset.PreferencePair;
import org.rlhf4j.decoder.DecoderHead;
import org.rlhf4j.decoder.DecoderModel;
import org.rlhf4j.hub.ModelDirectory;
import org.rlhf4j.jobs.JobException;
import org.rlhf4j.jobs.checkpoint.LocalDirectory;
import org.rlhf4j.jobs.dataset.Datasets;
import org.rlhf4j.metrics.Metric;
import org.rlhf4j.objective.BradleyTerry;

/**
 * Fits a reward model to preference pairs by Bradley-Terry. A ranking trains as its pairs, whose
 * weights add up to one.
 */
public final class RewardJob {
  private static final String STAGE = "reward";
  private static final double NO_CENTRING = 0;

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

  public RewardJob(
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
    Datasets datasets = new Datasets(spark, Datasets.OutputFormat.PARQUET);
    try (LocalDirectory local = LocalDirectory.of(modelDirectory)) {
      DecoderModel model = ModelDirectory.load(local.path()).withHead(DecoderHead.SCALAR, seed);
      SequenceLimits limits = SequenceLimits.of(data, model.config().contextLength());
      RowEncoder<PreferencePair> encoder = new PairEncoder(limits)::pair;
      try (TrainingRows rows =
          new TrainingRows(
              encoder.encodeAll(datasets.read(input, PreferencePair.class), modelDirectory))) {
        rows.requireTrainingRows(input);
        SupervisedTraining.Outcome outcome =
            new SupervisedTraining(spark, STAGE, optimizer, trainer, seed, listener)
                .run(model, new BradleyTerry(NO_CENTRING), rows, local, output);
        return new Result(
            output,
            rows.counts(),
            outcome.steps(),
            outcome.lastStep().get(Metric.LOSS.key()),
            heldOut(rows.counts().validation(), outcome.validation()),
            heldOut(rows.counts().test(), outcome.test()));
      }
    }
  }

  private static Optional<HeldOut> heldOut(long pairs, Map<String, Double> metrics) {
    return metrics.isEmpty() ? Optional.empty() : Optional.of(HeldOut.of(pairs, metrics));
  }
}
