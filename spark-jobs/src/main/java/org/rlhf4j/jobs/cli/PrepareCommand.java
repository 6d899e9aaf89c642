package org.rlhf4j.jobs.cli;

import java.util.List;
import java.util.Optional;
import org.rlhf4j.config.DataConfig;
import org.rlhf4j.jobs.ExitCode;
import org.rlhf4j.jobs.JobException;
import org.rlhf4j.jobs.prepare.PrepareJob;
import org.rlhf4j.jobs.prepare.PrepareResult;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Turns raw feedback into datasets. */
@Command(description = "Checks, deduplicates and splits raw feedback into datasets.")
final class PrepareCommand implements JobCommand {
  private static final Logger LOG = LoggerFactory.getLogger(PrepareCommand.class);

  @Mixin private CommonOptions common;

  @Option(
      names = "--input",
      paramLabel = "PATH",
      required = true,
      description = "Raw files, globs or folders; repeatable.")
  private List<String> inputs;

  @Option(
      names = "--format",
      paramLabel = "NAME",
      defaultValue = "auto",
      description = "Raw format (default: ${DEFAULT-VALUE}).")
  private String format;

  @Option(
      names = "--output",
      paramLabel = "DIR",
      required = true,
      description = "Directory of the datasets.")
  private String output;

  @Option(
      names = "--tokenizer",
      paramLabel = "DIR",
      description = "Counts the tokens of data.max-prompt-tokens and data.max-response-tokens.")
  private String tokenizer;

  @Override
  public Optional<String> writes() {
    return Optional.of(output);
  }

  @Override
  public JobResult run(JobContext context) {
    PrepareJob.fault(format)
        .ifPresent(
            sentence -> {
              throw new JobException(ExitCode.USAGE, sentence);
            });
    warnOfUncountedTokens(context.config().data());
    PrepareResult result =
        new PrepareJob(
                context.spark(),
                context.config().prepare(),
                context.config().data(),
                context.outputFormat(),
                Optional.ofNullable(tokenizer))
            .execute(inputs, format, output);
    return JobResult.of(output)
        .with("read", result.read())
        .with("kept", result.kept())
        .with("quarantined", result.quarantined())
        .with("duplicates", result.duplicates())
        .with("near_duplicates", result.nearDuplicates())
        .with("other_split", result.otherSplit())
        .with("truncated", result.truncated())
        .with("reasons", result.reasons())
        .with("datasets", result.datasets());
  }

  private void warnOfUncountedTokens(DataConfig data) {
    boolean isLimited = data.maxPromptTokens() > 0 || data.maxResponseTokens() > 0;
    if (isLimited && tokenizer == null) {
      LOG.warn(
          "data.max-prompt-tokens and data.max-response-tokens are not applied: without --tokenizer"
              + " no tokens are counted");
    }
  }
}
