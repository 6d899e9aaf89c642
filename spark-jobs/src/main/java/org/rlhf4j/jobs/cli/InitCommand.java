package org.rlhf4j.jobs.cli;

import java.util.Optional;
import org.rlhf4j.jobs.model.InitJob;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Writes a new model with random weights. */
@Command(description = "Writes a new model with random weights.")
final class InitCommand implements JobCommand {
  @Mixin private CommonOptions common;

  @Option(
      names = "--tokenizer",
      paramLabel = "DIR",
      required = true,
      description = "Directory of the tokenizer.")
  private String tokenizer;

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
    InitJob.Result result =
        new InitJob().execute(tokenizer, context.config().model(), context.config().seed(), output);
    return JobResult.of(result.output())
        .with("vocabulary_size", result.vocabularySize())
        .with("parameters", result.parameters());
  }
}
