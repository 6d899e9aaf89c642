package org.rlhf4j.jobs.train;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.sql.SparkSession;
import org.rlhf4j.config.OptimizerConfig;
import org.rlhf4j.data.dataset.Split;
import org.rlhf4j.decoder.DecoderModel;
import org.rlhf4j.dl4j.TrainingExample;
import org.rlhf4j.hub.ModelDirectory;
import org.rlhf4j.jobs.checkpoint.CheckpointStore;
import org.rlhf4j.jobs.checkpoint.LocalDirectory;
import org.rlhf4j.metrics.Metric;
import org.rlhf4j.objective.Objective;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Epochs over the training split with an evaluation on the validation split after each, and the
 * published result: what fine-tuning and the reward model share.
 */
final class SupervisedTraining {
  private static final Logger LOG = LoggerFactory.getLogger(SupervisedTraining.class);

  private final SparkSession spark;
  private final String stage;
  private final TrainingSettings settings;
  private final Consumer<StepMetrics> listener;

  /**
   * What one kind of training brings.
   *
   * @param start makes the model to train of the one that was loaded, or refuses that
   * @param encode the input's rows as examples for the objective
   */
  record Recipe(
      UnaryOperator<DecoderModel> start,
      Objective objective,
      Function<SequenceLimits, JavaRDD<EncodedRow>> encode) {}

  /**
   * What was trained.
   *
   * @param rows what became of the input
   * @param steps optimiser steps
   * @param lastStep metrics of the last step
   * @param validation metrics on the validation split at the end; empty without such rows
   * @param test metrics on the test split at the end; empty without such rows
   */
  record Outcome(
      RowCounts rows,
      long steps,
      Map<String, Double> lastStep,
      Map<String, Double> validation,
      Map<String, Double> test) {
    double loss() {
      return lastStep.get(Metric.LOSS.key());
    }
  }

  /**
   * @param stage name of the metrics file
   */
  SupervisedTraining(
      SparkSession spark, String stage, TrainingSettings settings, Consumer<StepMetrics> listener) {
    this.spark = spark;
    this.stage = stage;
    this.settings = settings;
    this.listener = listener;
  }

  /**
   * Trains, evaluates and publishes the model directory.
   *
   * @param modelDirectory model to start from, with its tokenizer
   * @param input named where it has no row to train on
   */
  Outcome run(String modelDirectory, String input, String output, Recipe recipe) {
    try (LocalDirectory local = LocalDirectory.of(modelDirectory)) {
      DecoderModel model = recipe.start().apply(ModelDirectory.load(local.path()));
      StartingModel start =
          StartingModel.of(model, settings.lora(), modelDirectory, settings.seed());
      SequenceLimits limits = SequenceLimits.of(settings.data(), model.config().contextLength());
      try (TrainingRows rows = new TrainingRows(recipe.encode().apply(limits))) {
        rows.requireTrainingRows(input);
        return run(start, recipe.objective(), rows, local, output);
      }
    }
  }

  private Outcome run(
      StartingModel start,
      Objective objective,
      TrainingRows rows,
      LocalDirectory modelDirectory,
      String output) {
    MetricsLog metrics = new MetricsLog();
    OptimizerConfig optimizer = settings.optimizer();
    long totalSteps = Learner.totalSteps(optimizer, rows.counts().train());
    try (Learner learner =
        new Learner(spark, start, objective, optimizer, settings.trainer(), totalSteps)) {
      Outcome outcome = train(learner, rows, metrics);
      new CheckpointStore()
          .publish(
              output,
              directory -> {
                learner.saveModel(modelDirectory.path(), directory);
                metrics.writeTo(directory, stage);
              });
      return outcome;
    }
  }

  private Outcome train(Learner learner, TrainingRows rows, MetricsLog metrics) {
    JavaRDD<TrainingExample> examples = rows.examples(Split.TRAIN);
    Map<String, Double> lastStep = new LinkedHashMap<>();
    Map<String, Double> validation = Map.of();
    int epochs = settings.optimizer().epochs();
    for (int epoch = 0; epoch < epochs; epoch++) {
      long epochSeed =
          EpochOrder.key(settings.seed(), EpochOrder.idHash(stage + "/epoch-" + epoch));
      long steps =
          learner.epochOfPersisted(
              examples,
              epochSeed,
              step -> {
                metrics.append(step);
                lastStep.putAll(step.values());
                listener.accept(step);
              });
      if (steps == 0) {
        break; // max-steps was reached
      }
      validation = evaluate(learner, rows, metrics);
      LOG.info(
          "{}: epoch {} of {}, step {}: {}, {}",
          stage,
          epoch + 1,
          epochs,
          learner.steps(),
          lastStep,
          validation);
    }
    Map<String, Double> test =
        rows.counts().test() == 0 ? Map.of() : learner.evaluate(rows.examples(Split.TEST));
    return new Outcome(rows.counts(), learner.steps(), lastStep, validation, test);
  }

  private static Map<String, Double> evaluate(
      Learner learner, TrainingRows rows, MetricsLog metrics) {
    if (rows.counts().validation() == 0) {
      return Map.of();
    }
    Map<String, Double> validation = learner.evaluate(rows.examples(Split.VALIDATION));
    Map<String, Double> prefixed = new LinkedHashMap<>();
    validation.forEach((name, value) -> prefixed.put(Metric.VALIDATION + name, value));
    metrics.append(learner.steps(), prefixed);
    return validation;
  }
}
