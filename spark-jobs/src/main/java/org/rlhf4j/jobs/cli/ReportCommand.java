package org.rlhf4j.jobs.cli;

import org.rlhf4j.jobs.report.ReportJob;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Writes the report of a run. */
@Command(description = "Writes the HTML report and the TensorBoard events of a run.")
final class ReportCommand implements JobCommand {
  @Mixin private CommonOptions common;

  @Option(
      names = "--run-dir",
      paramLabel = "DIR",
      required = true,
      description = "Directory of the run, finished or not.")
  private String runDirectory;

  @Override
  public JobResult run(JobContext context) {
    ReportJob.Result result = new ReportJob(context.storage()).execute(runDirectory);
    return JobResult.of(result.page()).with("events", result.events());
  }
}
