package org.rlhf4j.jobs.pipeline;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.SparkSession;
import org.rlhf4j.jobs.dataset.Datasets;
import org.rlhf4j.jobs.dataset.Storage;
import org.rlhf4j.jobs.evaluate.EvaluateJob;
import org.rlhf4j.jobs.evaluate.PolicyComparison;
import org.rlhf4j.jobs.evaluate.PolicySummary;
import org.rlhf4j.jobs.report.DataReportJob;
import org.rlhf4j.jobs.report.ReportJob;

/** From a tuned model to what it is worth. */
public final class JudgementStages {
  private final SparkSession spark;
  private final Datasets datasets;
  private final Storage storage;
  private final RunConfig config;
  private final RunDirectory run;

  JudgementStages(
      SparkSession spark, Datasets datasets, Storage storage, RunConfig config, RunDirectory run) {
    this.spark = spark;
    this.datasets = datasets;
    this.storage = storage;
    this.config = config;
    this.run = run;
  }

  Stage evaluate() {
    return new Stage(
        "evaluate",
        () -> storage.exists(new Path(run.evaluation())),
        () -> {
          Map<String, String> policies = new LinkedHashMap<>();
          policies.put("sft", run.sftModel());
          policies.put("policy", run.policy());
          EvaluateJob.Inputs inputs =
              new EvaluateJob.Inputs(
                  run.rewardModel(),
                  Optional.of(run.dataset("preferences")),
                  Optional.of(run.dataset("prompts")),
                  run.sftModel(),
                  policies);
          EvaluateJob job =
              new EvaluateJob(
                  spark,
                  datasets,
                  config.evaluateSettings(),
                  GoldScorers.of(config.rlhf().evaluate().gold(), Optional.of(run.raw())));
          return counts(job.execute(inputs, run.datasets(), run.evaluation()).summary());
        });
  }

  /** The page of everything before it, and one about the data. */
  Stage report() {
    return new Stage(
        "report",
        () -> storage.exists(new Path(run.reportPage())),
        () -> {
          new DataReportJob(datasets, storage, Optional.of(run.sftModel()))
              .execute(List.of(run.datasets()), run.reports());
          return Map.of("events", new ReportJob(storage).execute(run.root()).events());
        });
  }

  /** The numbers of a summary under flat names. */
  public static Map<String, Object> counts(EvaluateJob.Summary summary) {
    Map<String, Object> counts = new LinkedHashMap<>();
    summary
        .rewardModel()
        .ifPresent(
            model -> {
              counts.put("reward_accuracy", model.accuracy().value());
              model
                  .goldAccuracy()
                  .ifPresent(gold -> counts.put("best_possible_accuracy", gold.value()));
            });
    for (PolicySummary policy : summary.policies()) {
      String name = policy.checkpointId();
      counts.put(name + "_score", policy.score().mean());
      policy.goldScore().ifPresent(gold -> counts.put(name + "_gold_score", gold.mean()));
      counts.put(name + "_kl", policy.klToReference().mean());
    }
    for (PolicyComparison comparison : summary.comparisons()) {
      comparison
          .goldScore()
          .flatMap(gold -> boxed(gold.standardErrors()))
          .ifPresent(errors -> counts.put("gold_gain_standard_errors", errors));
      boxed(comparison.score().standardErrors())
          .ifPresent(errors -> counts.put("score_gain_standard_errors", errors));
      counts.put("win_rate", comparison.score().winRate());
    }
    return counts;
  }

  private static Optional<Double> boxed(OptionalDouble value) {
    return value.isPresent() ? Optional.of(value.getAsDouble()) : Optional.empty();
  }
}
