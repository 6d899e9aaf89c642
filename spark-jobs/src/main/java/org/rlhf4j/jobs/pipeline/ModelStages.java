package org.rlhf4j.jobs.pipeline;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Stream;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.SparkSession;
import org.rlhf4j.config.PipelineConfig;
import org.rlhf4j.config.RlhfConfig;
import org.rlhf4j.jobs.JobException;
import org.rlhf4j.jobs.checkpoint.CheckpointStore;
import org.rlhf4j.jobs.dataset.Datasets;
import org.rlhf4j.jobs.dataset.Storage;
import org.rlhf4j.jobs.evaluate.EvaluateJob;
import org.rlhf4j.jobs.model.InitJob;
import org.rlhf4j.jobs.ppo.PpoJob;
import org.rlhf4j.jobs.ppo.PpoLayout;
import org.rlhf4j.jobs.tokenizer.TrainTokenizerJob;
import org.rlhf4j.jobs.train.DpoJob;
import org.rlhf4j.jobs.train.RewardJob;
import org.rlhf4j.jobs.train.RowCounts;
import org.rlhf4j.jobs.train.SftJob;
import org.rlhf4j.jobs.train.StepMetrics;
import org.rlhf4j.metrics.Metric;

/** From datasets to a tuned model. */
final class ModelStages {
  private static final String DEMONSTRATIONS = "demonstrations";
  private static final String PREFERENCES = "preferences";
  private static final String PROMPTS = "prompts";
  private static final String SFT_METRICS = "sft.jsonl";
  private static final String REWARD_METRICS = "reward.jsonl";
  private static final String DPO_METRICS = "dpo.jsonl";

  private final SparkSession spark;
  private final Datasets datasets;
  private final CheckpointStore store = new CheckpointStore();
  private final Storage storage;
  private final RunConfig config;
  private final RunDirectory run;
  private final Function<String, Consumer<StepMetrics>> progress;

  ModelStages(
      SparkSession spark,
      Datasets datasets,
      Storage storage,
      RunConfig config,
      RunDirectory run,
      Function<String, Consumer<StepMetrics>> progress) {
    this.spark = spark;
    this.datasets = datasets;
    this.storage = storage;
    this.config = config;
    this.run = run;
    this.progress = progress;
  }

  Stage trainTokenizer() {
    return new Stage(
        "tokenizer",
        () -> hasModel() || store.isPublished(run.tokenizer()),
        () -> {
          List<String> texts =
              Stream.of(DEMONSTRATIONS, PREFERENCES)
                  .map(run::dataset)
                  .filter(datasets::isPublished)
                  .toList();
          TrainTokenizerJob.Result result =
              new TrainTokenizerJob(spark)
                  .execute(texts, settings().tokenizer().vocabSize(), run.tokenizer());
          return counts("vocabulary_size", result.vocabularySize(), "merges", result.merges());
        });
  }

  Stage initialiseModel() {
    return new Stage(
        "init",
        () -> hasModel() || store.isPublished(run.initialModel()),
        () -> {
          InitJob.Result result =
              new InitJob()
                  .execute(
                      run.tokenizer(), settings().model(), settings().seed(), run.initialModel());
          return counts("parameters", result.parameters());
        });
  }

  Stage fineTune() {
    return new Stage(
        "sft",
        () -> isTrained(run.sftModel(), SFT_METRICS),
        () -> {
          EvaluateJob.requireHeldOut(datasets, run.dataset(PREFERENCES), run.dataset(PROMPTS));
          SftJob.Result result =
              new SftJob(spark, config.sftSettings())
                  .onStep(progress.apply("sft"))
                  .execute(startingModel(), sftRows(), run.sftModel());
          copyMetrics(run.sftModel(), SFT_METRICS);
          Map<String, Object> counts = counts("steps", result.steps(), "loss", result.loss());
          counts.putAll(rows(result.rows()));
          result.validationLoss().ifPresent(loss -> counts.put("validation_loss", loss));
          return counts;
        });
  }

  Stage fitRewardModel() {
    return new Stage(
        "reward",
        () -> isTrained(run.rewardModel(), REWARD_METRICS),
        () -> {
          RewardJob.Result result =
              new RewardJob(spark, settings().reward(), config.rewardSettings())
                  .onStep(progress.apply("reward"))
                  .execute(run.sftModel(), run.trainingPreferences(datasets), run.rewardModel());
          copyMetrics(run.rewardModel(), REWARD_METRICS);
          Map<String, Object> counts = counts("steps", result.steps(), "loss", result.loss());
          counts.putAll(rows(result.rows()));
          return counts;
        });
  }

  /** The policy without samples: DPO and its relatives. */
  Stage fitPreferences() {
    return new Stage(
        "dpo",
        () -> isTrained(run.policy(), DPO_METRICS),
        () -> {
          DpoJob.Result result =
              new DpoJob(spark, settings().dpo(), config.dpoSettings())
                  .onStep(progress.apply("dpo"))
                  .execute(run.sftModel(), run.trainingPreferences(datasets), run.policy());
          copyMetrics(run.policy(), DPO_METRICS);
          Map<String, Object> counts =
              counts("steps", result.steps(), "loss", result.lastStep().get(Metric.LOSS.key()));
          counts.putAll(rows(result.rows()));
          return counts;
        });
  }

  Stage optimisePolicy() {
    PpoLayout layout = new PpoLayout(run.root());
    return new Stage(
        "ppo",
        () -> store.isPublished(layout.finalPolicy()),
        () -> {
          PpoJob.Result result =
              new PpoJob(spark, datasets, store, config.ppoSettings())
                  .scoredBy(RewardJudges.of(spark, datasets, settings()))
                  .watchedBy(GoldScorers.of(settings().evaluate().gold(), Optional.of(run.raw())))
                  .execute(
                      new PpoJob.Inputs(
                          run.sftModel(),
                          Optional.of(run.rewardModel()),
                          run.dataset(PROMPTS),
                          pretraining()),
                      layout);
          return counts(
              "iterations",
              result.iterations(),
              "resumed_after",
              result.resumedAfter(),
              "prompts_quarantined",
              result.promptsQuarantined());
        });
  }

  /** Rows for {@code ppo.pretraining-coefficient}: those that are named, or the run's own. */
  private Optional<String> pretraining() {
    String input = settings().ppoPretraining().input();
    String own = run.dataset(DEMONSTRATIONS);
    return Stream.of(input, own)
        .filter(path -> path.equals(own) ? datasets.isPublished(own) : !path.isEmpty())
        .findFirst();
  }

  private boolean hasModel() {
    return !settings().pipeline().model().isEmpty();
  }

  private String startingModel() {
    return hasModel() ? settings().pipeline().model() : run.initialModel();
  }

  private String sftRows() {
    boolean chosen = settings().pipeline().sftFrom() == PipelineConfig.SftSource.CHOSEN;
    String rows = run.dataset(chosen ? PREFERENCES : DEMONSTRATIONS);
    if (!datasets.isPublished(rows)) {
      throw JobException.badInput(
          "The input gave no %s to fine-tune on; set pipeline.sft-from to the kind of rows it has",
          new Path(rows).getName());
    }
    return rows;
  }

  /** Copies metrics that a killed run published but did not copy. */
  private boolean isTrained(String model, String metrics) {
    if (!store.isPublished(model)) {
      return false;
    }
    if (!storage.exists(new Path(run.metrics(), metrics))) {
      copyMetrics(model, metrics);
    }
    return true;
  }

  /** What was trained on, and what of all rows was not used as it is. */
  private static Map<String, Object> rows(RowCounts rows) {
    return counts(
        "training_rows", rows.train(), "left_out", rows.overLength(), "cut", rows.truncated());
  }

  /** A trainer's metrics lie in its model; the run's page and plots look in one place. */
  private void copyMetrics(String model, String file) {
    Path metrics = new Path(model + "/metrics", file);
    storage.replaceText(new Path(run.metrics(), file), storage.readText(metrics));
  }

  private RlhfConfig settings() {
    return config.rlhf();
  }

  private static Map<String, Object> counts(Object... namesAndValues) {
    Map<String, Object> counts = new LinkedHashMap<>();
    for (int i = 0; i < namesAndValues.length; i += 2) {
      counts.put((String) namesAndValues[i], namesAndValues[i + 1]);
    }
    return counts;
  }
}
