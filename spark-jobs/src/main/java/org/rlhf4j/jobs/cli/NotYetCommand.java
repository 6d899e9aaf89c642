package org.rlhf4j.jobs.cli;

import org.rlhf4j.jobs.ExitCode;
import org.rlhf4j.jobs.JobException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;
import picocli.CommandLine.Unmatched;

/** A command of the contract that does not exist yet. */
@Command(description = "Does not exist yet.")
final class NotYetCommand implements JobCommand {
  @Spec private CommandSpec spec;

  @SuppressWarnings(
      "unused") // takes the common options, so that the sentence below is what is wrong
  @Mixin
  private CommonOptions common;

  @Unmatched private String[] ignored;

  @Override
  public JobResult run(JobContext context) {
    throw new JobException(
        ExitCode.USAGE,
        String.format(
            "The command %s does not exist yet; see rlhf4j --help for those that do", spec.name()));
  }
}
