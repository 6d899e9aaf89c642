package org.rlhf4j.jobs;

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

  public static JobException badInput(String format, Object... arguments) {
    return new JobException(ExitCode.BAD_INPUT, String.format(format, arguments));
  }

  public ExitCode exitCode() {
    return exitCode;
  }
}
