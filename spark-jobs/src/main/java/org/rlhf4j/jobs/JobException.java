package org.rlhf4j.jobs;

import com.google.errorprone.annotations.FormatMethod;

/**
 * A failure a user can act on. The message is one sentence: what, where (file, row, key) and what
 * to do.
 */
public final class JobException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final ExitCode exitCode;

  public JobException(ExitCode exitCode, String message) {
    super(message);
    this.exitCode = exitCode;
  }

  public JobException(ExitCode exitCode, String message, Throwable cause) {
    super(message, cause);
    this.exitCode = exitCode;
  }

  @FormatMethod
  public static JobException badInput(String format, Object... arguments) {
    return new JobException(ExitCode.BAD_INPUT, String.format(format, arguments));
  }

  /** What a task's failure is to the driver: causes stay behind, as not all can travel. */
  private Object writeReplace() {
    JobException alone = new JobException(exitCode, getMessage());
    alone.setStackTrace(getStackTrace());
    return alone;
  }

  public ExitCode exitCode() {
    return exitCode;
  }
}
