package org.rlhf4j.jobs.cli;

import java.util.Optional;
import org.rlhf4j.config.ConfigFormat;
import org.rlhf4j.jobs.ExitCode;

/** A command that runs one job; its options are fields. */
@FunctionalInterface
interface JobCommand {
  JobResult run(JobContext context);

  /** Settings to read where {@code --config} names no file. */
  default Optional<ConfigFormat.Source> defaultConfig() {
    return Optional.empty();
  }

  /** Where the command writes: held by one process at a time; empty if it sees to that itself. */
  default Optional<String> writes() {
    return Optional.empty();
  }

  /** What a result names as output, also where the command ends without one; empty if none. */
  default Optional<String> output() {
    return writes();
  }

  /** Exit code of the process after a result. */
  default int exitCode(JobResult result) {
    return ExitCode.DONE.code();
  }
}
