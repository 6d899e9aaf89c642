package org.rlhf4j.jobs.pipeline;

import java.time.Clock;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import org.apache.spark.sql.SparkSession;
import org.rlhf4j.jobs.checkpoint.HadoopPaths;
import org.rlhf4j.jobs.dataset.Datasets;
import org.rlhf4j.jobs.dataset.Storage;
import org.rlhf4j.jobs.train.StepMetrics;

/** The whole recipe in one run directory. */
public final class PipelineRun {
  private final Supplier<SparkSession> spark;
  private final Datasets.OutputFormat format;
  private final RunConfig config;
  private final Function<String, Consumer<StepMetrics>> progress;
  private final Consumer<RunRecorder> whileRunning;

  /**
   * @param spark asked for once a stage has to run, and not for a finished run
   * @param progress listener of a stage's optimiser steps, by the stage's name
   * @param whileRunning is given the recorder, to tell it of a signal
   */
  public PipelineRun(
      Supplier<SparkSession> spark,
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
        .execute(() -> PipelineStages.of(spark.get(), format, storage, config, run, progress));
  }
}
