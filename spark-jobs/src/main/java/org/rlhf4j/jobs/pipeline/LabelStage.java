package org.rlhf4j.jobs.pipeline;

import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.spark.sql.SparkSession;
import org.rlhf4j.config.PipelineConfig;
import org.rlhf4j.config.PrepareConfig;
import org.rlhf4j.data.raw.SplitRule;
import org.rlhf4j.jobs.JobException;
import org.rlhf4j.jobs.dataset.Datasets;
import org.rlhf4j.jobs.label.HttpEndpoint;
import org.rlhf4j.jobs.label.LabelJob;

/** The run's preferences as a judge sees them: AI feedback in the place of the annotators'. */
final class LabelStage {
  private final SparkSession spark;
  private final Datasets datasets;
  private final RunConfig config;
  private final RunDirectory run;

  LabelStage(SparkSession spark, Datasets datasets, RunConfig config, RunDirectory run) {
    this.spark = spark;
    this.datasets = datasets;
    this.config = config;
    this.run = run;
  }

  Stage label() {
    String output = run.dataset(RunDirectory.LABELLED);
    return new Stage(
        "label", () -> datasets.isPublished(output), () -> counts(label(job(), output)));
  }

  private LabelJob job() {
    PrepareConfig prepare = config.rlhf().prepare();
    SplitRule split =
        new SplitRule(prepare.validationShare(), prepare.testShare(), prepare.splitSeed());
    return new LabelJob(spark, datasets, config.rlhf().label(), split);
  }

  private LabelJob.Result label(LabelJob job, String output) {
    PipelineConfig pipeline = config.rlhf().pipeline();
    String pairs = run.trainingPreferences(datasets);
    LabelJob.Result result =
        pipeline.asksEndpoint()
            ? job.execute(HttpEndpoint.of(pipeline.judge(), config.rlhf().label()), pairs, output)
            : job.execute(pipeline.judge(), pairs, output);
    if (result.pairs() == 0) {
      throw JobException.badInput(
          "The judge %s decided none of the %d pairs (%d ties, %d too long for it); check"
              + " pipeline.judge, label.template and label.answers, and use another run directory",
          pipeline.judge(), result.comparisons(), result.ties(), result.tooLong());
    }
    return result;
  }

  private static Map<String, Object> counts(LabelJob.Result result) {
    Map<String, Object> counts = new LinkedHashMap<>();
    counts.put("comparisons", result.comparisons());
    counts.put("pairs", result.pairs());
    counts.put("ties", result.ties());
    counts.put("too_long", result.tooLong());
    counts.put("cut_responses", result.cutResponses());
    return counts;
  }
}
