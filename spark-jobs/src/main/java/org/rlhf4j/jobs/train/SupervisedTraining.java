package org.rlhf4j.jobs.train;

import java.nio.file.Path;
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

  /** The model is written as it was trained. */
  static final Finish AS_TRAINED = (learner, rows) -> new Finished(Map.of(), learner::saveModel);

  private final SparkSession spark;
  private final String stage;
  private final TrainingSettings settings;
  private final Consumer<StepMetrics> listener;

  /**
   * What one kind of training brings.
   *
   * @param start makes the model to train of the one that was loaded, or refuses that
   * @param encode the input's rows as examples for the objective
   * @param finish decides how the trained model is written
   */
  record Recipe(
      UnaryOperator<DecoderModel> start,
      Objective objective,
      Function<SequenceLimits, JavaRDD<EncodedRow>> encode,
      Finish finish) {

    Recipe(
        UnaryOperator<DecoderModel> start,
        Objective objective,
        Function<SequenceLimits, JavaRDD<EncodedRow>> encode) {
      this(start, objective, encode, AS_TRAINED);
    }
  }

  /** What comes between training and publishing. */
  @FunctionalInterface
  interface Finish {
    Finished after(Learner learner, TrainingRows rows);
  }

  /**
   * @param metrics last line of the metrics file; empty for none
   * @param writer writes the model directory
   */
  record Finished(Map<String, Double> metrics, ModelWriter writer) {}

  /** Writes a model directory. */
  @FunctionalInterface
  interface ModelWriter {
    /**
     * @param tokenizer local directory with the model's tokenizer
     */
    void write(Path tokenizer, Path directory);
  }

  /**
   * What was trained.
   *
   * @param rows what became of the input
   * @param steps optimiser steps
   * @param lastStep metrics of the last step
   * @param validation metrics on the validation split at the end; empty without such rows
   * @param test metrics on the test split at the end; empty without such rows
   * @param finish metrics of what came between training and publishing
   */
  record Outcome(
      RowCounts rows,
      long steps,
      Map<String, Double> lastStep,
      Map<String, Double> validation,
      Map<String, Double> test,
      Map<String, Double> finish) {
    double loss() {
      return lastStep.get(Metric.LOSS.key());
    }

    private Outcome with(Map<String, Double> finishMetrics) {
      return new Outcome(rows, steps, lastStep, validation, test, finishMetrics);
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
        return run(start, recipe, rows, local, output);
      }
    }
  }

  private Outcome run(
      StartingModel start,
      Recipe recipe,
      TrainingRows rows,
      LocalDirectory modelDirectory,
      String output) {
    MetricsLog metrics = new MetricsLog();
    OptimizerConfig optimizer = settings.optimizer();
    long totalSteps = Learner.totalSteps(optimizer, rows.counts().train());
    try (Learner learner =
        new Learner(spark, start, recipe.objective(), optimizer, settings.trainer(), totalSteps)) {
      Outcome trained = train(learner, rows, metrics);
      Finished finished = recipe.finish().after(learner, rows);
      if (!finished.metrics().isEmpty()) {
        metrics.append(learner.steps(), finished.metrics());
      }
      new CheckpointStore()
          .publish(
              output,
              directory -> {
                finished.writer().write(modelDirectory.path(), directory);
                metrics.writeTo(directory, stage);
              });
      return trained.with(finished.metrics());
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
    return new Outcome(rows.counts(), learner.steps(), lastStep, validation, test, Map.of());
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
