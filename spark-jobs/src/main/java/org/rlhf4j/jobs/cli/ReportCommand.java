package org.rlhf4j.jobs.cli;

import java.util.List;
import java.util.Optional;
import org.apache.hadoop.fs.Path;
import org.rlhf4j.jobs.report.DataReportJob;
import org.rlhf4j.jobs.report.ReportJob;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Writes the report of a run, or of data. */
@Command(
    description =
        "Writes the HTML report and the TensorBoard events of a run, or a report of data.")
final class ReportCommand implements JobCommand {
  @Mixin private CommonOptions common;

  @ArgGroup(exclusive = true, multiplicity = "1")
  private Subject subject;

  @Option(
      names = "--output",
      paramLabel = "DIR",
      description = "With --data: directory of data.html (default: report in the first one).")
  private String output;

  @Option(
      names = "--tokenizer",
      paramLabel = "DIR",
      description = "With --data: measures texts in tokens, too.")
  private String tokenizer;

  /** What the report is about. */
  private static final class Subject {
    @Option(
        names = "--run-dir",
        paramLabel = "DIR",
        required = true,
        description = "Directory of the run, finished or not.")
    private String runDirectory;

    @Option(
        names = "--data",
        paramLabel = "DIR",
        required = true,
        description = "Output of prepare or quality; repeatable.")
    private List<String> data;
  }

  @Override
  public JobResult run(JobContext context) {
    if (subject.data != null) {
      DataReportJob.Result result =
          new DataReportJob(context.datasets(), context.storage(), Optional.ofNullable(tokenizer))
              .execute(
                  subject.data,
                  Optional.ofNullable(output)
                      .orElseGet(() -> new Path(subject.data.get(0), "report").toString()));
      return JobResult.of(result.page()).with("datasets", result.datasets());
    }

    ReportJob.Result result = new ReportJob(context.storage()).execute(subject.runDirectory);
    return JobResult.of(result.page()).with("events", result.events());
  }
}
