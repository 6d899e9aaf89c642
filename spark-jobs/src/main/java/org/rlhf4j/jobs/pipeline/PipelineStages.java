package org.rlhf4j.jobs.pipeline;

import java.util.List;
import java.util.function.Consumer;
import java.util.function.Function;
import org.apache.spark.sql.SparkSession;
import org.rlhf4j.jobs.dataset.Datasets;
import org.rlhf4j.jobs.dataset.Storage;
import org.rlhf4j.jobs.train.StepMetrics;

/** The recipe, from raw feedback to a judged model. */
final class PipelineStages {
  private PipelineStages() {}

  static List<Stage> of(
      SparkSession spark,
      Datasets.OutputFormat format,
      Storage storage,
      RunConfig config,
      RunDirectory run,
      Function<String, Consumer<StepMetrics>> progress) {
    Datasets datasets = new Datasets(spark, format);
    DataStages data = new DataStages(spark, format, storage, config, run);
    QualityStage quality = new QualityStage(spark, format, storage, config.rlhf().quality(), run);
    ModelStages models = new ModelStages(spark, datasets, storage, config, run, progress);
    JudgementStages judgement = new JudgementStages(spark, datasets, storage, config, run);
    return List.of(
        data.makeRawData(),
        data.prepare(),
        quality.measureAgreement(),
        models.trainTokenizer(),
        models.initialiseModel(),
        models.fineTune(),
        models.fitRewardModel(),
        models.optimisePolicy(),
        judgement.evaluate(),
        judgement.report());
  }
}
