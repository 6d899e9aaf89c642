package org.rlhf4j.jobs.cli;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.rlhf4j.jobs.pipeline.QualityStage;
import org.rlhf4j.jobs.quality.QualityJob;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Measures how annotators agree. */
@Command(description = "Measures how annotators agree, and aggregates their labels.")
final class QualityCommand implements JobCommand {
  @Mixin private CommonOptions common;

  @Option(
      names = "--input",
      paramLabel = "PATH",
      required = true,
      description =
          "Published preferences or ratings, or raw rows with item, annotator and label; repeatable.")
  private List<String> inputs;

  @Option(
      names = "--output",
      paramLabel = "DIR",
      required = true,
      description = "Datasets votes and annotators, and quality.json.")
  private String output;

  @Override
  public Optional<String> writes() {
    return Optional.of(output);
  }

  @Override
  public JobResult run(JobContext context) {
    Map<String, Object> counts =
        QualityStage.counts(
            new QualityJob(context.spark(), context.config().quality(), context.outputFormat())
                .execute(inputs, output));
    return new JobResult("done", output, counts);
  }
}
