package org.rlhf4j.jobs.pipeline;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Function;
import org.apache.spark.sql.SparkSession;
import org.rlhf4j.config.PipelineConfig;
import org.rlhf4j.config.PipelineConfig.Tuning;
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
    PipelineConfig pipeline = config.rlhf().pipeline();
    DataStages data = new DataStages(spark, format, storage, config, run);
    QualityStage quality = new QualityStage(spark, format, storage, config.rlhf().quality(), run);
    ModelStages models = new ModelStages(spark, datasets, storage, config, run, progress);
    JudgementStages judgement = new JudgementStages(spark, datasets, storage, config, run);
    List<Stage> stages = new ArrayList<>();
    stages.add(data.makeRawData());
    stages.add(data.prepare());
    stages.add(quality.measureAgreement());
    if (!pipeline.judge().isEmpty()) {
      stages.add(new LabelStage(spark, datasets, config, run).label());
    }
    stages.add(models.trainTokenizer());
    stages.add(models.initialiseModel());
    stages.add(models.fineTune());
    stages.add(models.fitRewardModel());
    stages.add(pipeline.tuning() == Tuning.DPO ? models.fitPreferences() : models.optimisePolicy());
    stages.add(judgement.evaluate());
    stages.add(judgement.report());
    return stages;
  }
}
