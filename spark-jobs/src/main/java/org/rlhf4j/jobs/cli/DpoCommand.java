package org.rlhf4j.jobs.cli;

import java.util.Optional;
import org.rlhf4j.jobs.train.DpoJob;
import org.rlhf4j.metrics.Metric;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Tunes a language model on preferences directly: DPO and its relatives. */
@Command(description = "Tunes a language model on preferences without a reward model.")
final class DpoCommand implements JobCommand {
  @Mixin private CommonOptions common;

  @Option(
      names = "--model",
      paramLabel = "DIR",
      required = true,
      description = "Language model to start from; the reference policy.")
  private String model;

  @Option(
      names = "--input",
      paramLabel = "PATH",
      required = true,
      description = "Preferences; for the objective kto also ratings.")
  private String input;

  @Option(
      names = "--output",
      paramLabel = "DIR",
      required = true,
      description = "Directory of the model.")
  private String output;

  @Override
  public Optional<String> writes() {
    return Optional.of(output);
  }

  @Override
  public JobResult run(JobContext context) {
    DpoJob.Result result =
        new DpoJob(context.spark(), context.config().dpo(), context.runConfig().dpoSettings())
            .onStep(context.progress().of("dpo"))
            .execute(model, input, output);
    JobResult counts =
        JobResult.of(result.output())
            .with("rows", TrainingCounts.of(result.rows()))
            .with("steps", result.steps())
            .with("loss", result.lastStep().get(Metric.LOSS.key()));
    JobResult validated = TrainingCounts.with(counts, "validation", result.validation());
    return TrainingCounts.with(validated, "test", result.test());
  }
}
