package org.rlhf4j.jobs.cli;

import java.util.Optional;
import org.rlhf4j.config.ConfigException;
import org.rlhf4j.config.PipelineConfig;
import org.rlhf4j.jobs.pipeline.RunDirectory;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Runs all stages in one resumable directory. */
@Command(
    description = "Runs all stages, from raw feedback to a report, in one resumable directory.")
final class PipelineCommand implements JobCommand {
  @Mixin private CommonOptions common;

  @Option(
      names = "--run-dir",
      paramLabel = "DIR",
      required = true,
      description = "Directory of the run, or of all runs with --run-id.")
  private String runDirectory;

  @Option(
      names = "--run-id",
      paramLabel = "ID",
      description = "Names the run's directory inside --run-dir.")
  private String runId;

  @Override
  public Optional<String> output() {
    return Optional.of(directory());
  }

  private String directory() {
    return Optional.ofNullable(runId).map(id -> runDirectory + "/" + id).orElse(runDirectory);
  }

  @Override
  public JobResult run(JobContext context) {
    PipelineConfig pipeline = context.config().pipeline();
    boolean given = !pipeline.input().isEmpty();
    if (!given && pipeline.generator() == PipelineConfig.Generator.NONE) {
      throw new ConfigException(
          "pipeline.input is empty; name the raw files with --set pipeline.input=PATH");
    }
    return Runs.execute(context, new RunDirectory(directory()));
  }
}
