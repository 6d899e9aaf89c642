package org.rlhf4j.jobs.cli;

import java.io.PrintStream;
import java.time.Clock;
import org.apache.spark.sql.SparkSession;
import org.rlhf4j.config.RlhfConfig;
import org.rlhf4j.jobs.checkpoint.HadoopPaths;
import org.rlhf4j.jobs.dataset.Datasets;
import org.rlhf4j.jobs.dataset.Storage;
import org.rlhf4j.jobs.pipeline.RunConfig;

/** What a command gets beside its own options; Spark starts at the first use. */
final class JobContext implements AutoCloseable {
  private final String command;
  private final CommonOptions options;
  private final RunConfig config;
  private final StopSignal stopSignal;
  private final PrintStream out;
  private final StepProgress progress;
  private SparkSession spark;

  JobContext(
      String command,
      CommonOptions options,
      RunConfig config,
      StopSignal stopSignal,
      PrintStream out) {
    this.command = command;
    this.options = options;
    this.config = config;
    this.stopSignal = stopSignal;
    this.out = out;
    this.progress = new StepProgress(options.progress(), Clock.systemUTC());
  }

  RunConfig runConfig() {
    return config;
  }

  RlhfConfig config() {
    return config.rlhf();
  }

  Datasets.OutputFormat outputFormat() {
    return options.outputFormat();
  }

  Datasets datasets() {
    return new Datasets(spark(), options.outputFormat());
  }

  /** Small files; starts no Spark. */
  Storage storage() {
    return new Storage(HadoopPaths.configuration());
  }

  /** Shows the steps of trainers. */
  StepProgress progress() {
    return progress;
  }

  /** Prints what a command shows beside its result. */
  void show(String text) {
    out.println(text);
  }

  /**
   * @param action runs before the process ends, should a signal end it
   */
  void onStop(Runnable action) {
    stopSignal.alsoRun(action);
  }

  SparkSession spark() {
    if (spark == null) {
      spark = Sessions.start("rlhf4j " + command, options.progress());
    }
    return spark;
  }

  @Override
  public void close() {
    progress.close();
    if (spark != null) {
      spark.stop();
    }
  }
}
