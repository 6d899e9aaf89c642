package org.rlhf4j.jobs.pipeline;

import java.time.Clock;
import java.util.function.Consumer;
import java.util.function.Function;
import org.apache.spark.sql.SparkSession;
import org.rlhf4j.jobs.checkpoint.HadoopPaths;
import org.rlhf4j.jobs.dataset.Datasets;
import org.rlhf4j.jobs.dataset.Storage;
import org.rlhf4j.jobs.train.StepMetrics;

/** The whole recipe in one run directory. */
public final class PipelineRun {
  private final SparkSession spark;
  private final Datasets.OutputFormat format;
  private final RunConfig config;
  private final Function<String, Consumer<StepMetrics>> progress;
  private final Consumer<RunRecorder> whileRunning;

  /**
   * @param progress listener of a stage's optimiser steps, by the stage's name
   * @param whileRunning is given the recorder, to tell it of a signal
   */
  public PipelineRun(
      SparkSession spark,
      Datasets.OutputFormat format,
      RunConfig config,
      Function<String, Consumer<StepMetrics>> progress,
      Consumer<RunRecorder> whileRunning) {
    this.spark = spark;
    this.format = format;
    this.config = config;
    this.progress = progress;
    this.whileRunning = whileRunning;
  }

  /**
   * Runs what is missing.
   *
   * @throws org.rlhf4j.jobs.JobException if the run is locked, was begun otherwise, or a stage
   *     fails
   */
  public RunState execute(RunDirectory run) {
    Storage storage = new Storage(HadoopPaths.configuration());
    return new PipelineJob(storage, run, config, Clock.systemUTC(), whileRunning)
        .execute(PipelineStages.of(spark, format, storage, config, run, progress));
  }
}
