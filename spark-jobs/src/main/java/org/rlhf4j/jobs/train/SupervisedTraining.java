package org.rlhf4j.jobs.train;

import java.nio.file.Path;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.sql.SparkSession;
import org.rlhf4j.config.OptimizerConfig;
import org.rlhf4j.data.dataset.Split;
import org.rlhf4j.decoder.DecoderHead;
import org.rlhf4j.decoder.DecoderModel;
import org.rlhf4j.dl4j.TrainingExample;
import org.rlhf4j.hub.ModelDirectory;
import org.rlhf4j.hub.ScoreNormalization;
import org.rlhf4j.jobs.checkpoint.CheckpointStore;
import org.rlhf4j.jobs.checkpoint.DirectoryIdentity;
import org.rlhf4j.jobs.checkpoint.LocalDirectory;
import org.rlhf4j.jobs.rollout.StableHash;
import org.rlhf4j.jobs.train.TrainingProgress.State;
import org.rlhf4j.metrics.Metric;
import org.rlhf4j.objective.Objective;
import org.rlhf4j.objective.ScalarOffset;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Epochs over the training split with an evaluation on the validation split after each, and the
 * published result: what fine-tuning and the reward model share.
 */
final class SupervisedTraining {
  private static final Logger LOG = LoggerFactory.getLogger(SupervisedTraining.class);

  /** The model is written as it was trained, with the offset that it was trained with. */
  static final Finish AS_TRAINED =
      (learner, rows, offset) -> new Finished(Map.of(), learner::saveModel, offset);

  private final SparkSession spark;
  private final String stage;
  private final TrainingSettings settings;
  private final Consumer<StepMetrics> listener;

  /**
   * What one kind of training brings.
   *
   * @param settings its own, beside {@link TrainingSettings}
   * @param start makes the model to train of the one that was loaded, or refuses that
   * @param encode the input's rows as examples for the objective
   * @param finish decides how the trained model is written
   */
  record Recipe(
      Object settings,
      UnaryOperator<DecoderModel> start,
      Objective objective,
      Function<SequenceLimits, JavaRDD<EncodedRow>> encode,
      Finish finish) {

    Recipe(
        Object settings,
        UnaryOperator<DecoderModel> start,
        Objective objective,
        Function<SequenceLimits, JavaRDD<EncodedRow>> encode) {
      this(settings, start, objective, encode, AS_TRAINED);
    }
  }

  /** What comes between training and publishing. */
  @FunctionalInterface
  interface Finish {
    /**
     * @param offset what the starting model adds to its scalars
     */
    Finished after(Learner learner, TrainingRows rows, double offset);
  }

  /**
   * @param metrics last line of the metrics file; empty for none
   * @param writer writes the model directory
   * @param offset what the written model adds to its scalars
   */
  record Finished(Map<String, Double> metrics, ModelWriter writer, double offset) {}

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
   * Trains, evaluates and publishes the model directory; goes on where a killed command with the
   * same output, settings, model and rows left a checkpoint.
   *
   * @param modelDirectory model to start from, with its tokenizer
   * @param input named where it has no row to train on
   */
  Outcome run(String modelDirectory, String input, String output, Recipe recipe) {
    try (LocalDirectory local = LocalDirectory.of(modelDirectory)) {
      DecoderModel loaded = ModelDirectory.load(local.path());
      DecoderModel model = recipe.start().apply(loaded);
      SequenceLimits limits = SequenceLimits.of(settings.data(), model.config().contextLength());
      try (TrainingRows rows = new TrainingRows(recipe.encode().apply(limits))) {
        rows.requireTrainingRows(input);
        TrainingProgress progress =
            TrainingProgress.of(
                output,
                identity(modelDirectory, recipe, rows),
                settings.trainer().checkpointSteps());
        StartingModel start =
            StartingModel.of(
                current(model, progress), settings.lora(), modelDirectory, settings.seed());
        double offset =
            loaded.head() == DecoderHead.SCALAR ? ScoreNormalization.readOffset(local.path()) : 0;
        return run(start, offset, recipe, rows, local, output, progress);
      }
    }
  }

  /** Hash of all that decides what is trained. */
  private String identity(String modelDirectory, Recipe recipe, TrainingRows rows) {
    byte[] hash =
        StableHash.bytes(
            stage,
            settings,
            recipe.settings(),
            DirectoryIdentity.of(modelDirectory),
            rows.fingerprint());
    return HexFormat.of().formatHex(hash);
  }

  /** The model as far as it was trained; with adapters, which the learner takes, as it was. */
  private DecoderModel current(DecoderModel model, TrainingProgress progress) {
    return settings.lora().rank() > 0
        ? model
        : progress.model().map(SupervisedTraining::load).orElse(model);
  }

  private static DecoderModel load(String directory) {
    try (LocalDirectory local = LocalDirectory.of(directory)) {
      return ModelDirectory.load(local.path());
    }
  }

  private Outcome run(
      StartingModel start,
      double offset,
      Recipe recipe,
      TrainingRows rows,
      LocalDirectory modelDirectory,
      String output,
      TrainingProgress progress) {
    MetricsLog metrics = new MetricsLog(progress.state().metrics());
    OptimizerConfig optimizer = settings.optimizer();
    long totalSteps = Learner.totalSteps(optimizer, rows.counts().train());
    Objective objective = ScalarOffset.of(recipe.objective(), offset);
    try (Learner learner =
        new Learner(spark, start, objective, optimizer, settings.trainer(), totalSteps)) {
      progress.restore(learner);
      Outcome trained = train(learner, rows, metrics, progress, modelDirectory.path());
      Finished finished = recipe.finish().after(learner, rows, offset);
      if (!finished.metrics().isEmpty()) {
        metrics.append(learner.steps(), finished.metrics());
      }
      new CheckpointStore()
          .publish(
              output,
              directory -> {
                finished.writer().write(modelDirectory.path(), directory);
                ScoreNormalization.writeOffset(finished.offset(), directory);
                metrics.writeTo(directory, stage);
              });
      warnOfAdapter(finished.offset(), output);
      progress.delete();
      return trained.with(finished.metrics());
    }
  }

  private void warnOfAdapter(double offset, String output) {
    if (offset != 0 && settings.lora().rank() > 0) {
      LOG.warn(
          "The adapter of {} lacks the zero of its scores, for which PEFT has no place: whoever"
              + " scores with it must add {}, the score_offset of the model's config.json",
          output,
          offset);
    }
  }

  private Outcome train(
      Learner learner,
      TrainingRows rows,
      MetricsLog metrics,
      TrainingProgress progress,
      Path tokenizer) {
    JavaRDD<TrainingExample> examples = rows.examples(Split.TRAIN);
    State start = progress.state();
    Map<String, Double> lastStep = new LinkedHashMap<>(start.lastStep());
    Map<String, Double> validation = Map.of();
    int epochs = settings.optimizer().epochs();
    for (int i = start.epoch(); i < epochs; i++) {
      int epoch = i;
      int stepsBefore = epoch == start.epoch() ? start.epochSteps() : 0;
      long epochStart = learner.steps() - stepsBefore;
      long epochSeed =
          EpochOrder.key(settings.seed(), EpochOrder.idHash(stage + "/epoch-" + epoch));
      long steps =
          learner.epochOfPersisted(
              examples,
              epochSeed,
              stepsBefore,
              step -> {
                metrics.append(step);
                lastStep.putAll(step.values());
                listener.accept(step);
                boolean isRoundOver = step.step() == learner.steps();
                if (isRoundOver && progress.isDue(learner.steps())) {
                  int epochSteps = Math.toIntExact(learner.steps() - epochStart);
                  progress.save(
                      learner, new State(epoch, epochSteps, lastStep, metrics.lines()), tokenizer);
                }
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
