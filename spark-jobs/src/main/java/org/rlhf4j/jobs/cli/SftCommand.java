package org.rlhf4j.jobs.cli;

import java.util.Optional;
import org.rlhf4j.jobs.train.SftJob;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Fine-tunes a language model on demonstrations. */
@Command(description = "Fine-tunes a language model on demonstrations or chosen responses.")
final class SftCommand implements JobCommand {
  @Mixin private CommonOptions common;

  @Option(
      names = "--model",
      paramLabel = "DIR",
      required = true,
      description = "Language model to start from.")
  private String model;

  @Option(
      names = "--input",
      paramLabel = "PATH",
      required = true,
      description = "Demonstrations, or preferences for their chosen side.")
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
    SftJob.Result result =
        new SftJob(context.spark(), context.runConfig().sftSettings())
            .onStep(context.progress().of("sft"))
            .execute(model, input, output);
    JobResult counts =
        JobResult.of(result.output())
            .with("rows", TrainingCounts.of(result.rows()))
            .with("steps", result.steps())
            .with("loss", result.loss());
    return result.validationLoss().map(loss -> counts.with("validation_loss", loss)).orElse(counts);
  }
}
