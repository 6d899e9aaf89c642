package org.rlhf4j.jobs.cli;

import org.apache.spark.sql.SparkSession;
import org.rlhf4j.config.RlhfConfig;
import org.rlhf4j.jobs.dataset.Datasets;
import org.rlhf4j.jobs.pipeline.RunConfig;

/** What a command gets beside its own options; Spark starts at the first use. */
final class JobContext implements AutoCloseable {
  private final String command;
  private final CommonOptions options;
  private final RunConfig config;
  private SparkSession spark;

  JobContext(String command, CommonOptions options, RunConfig config) {
    this.command = command;
    this.options = options;
    this.config = config;
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

  SparkSession spark() {
    if (spark == null) {
      spark = Sessions.start("rlhf4j " + command, options.progress());
    }
    return spark;
  }

  @Override
  public void close() {
    if (spark != null) {
      spark.stop();
    }
  }
}
