package org.rlhf4j.jobs;

import com.google.errorprone.annotations.FormatMethod;
import java.util.Optional;

/**
 * A failure a user can act on. The message is one sentence: what, where (file, row, key) and what
 * to do.
 */
public final class JobException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final ExitCode exitCode;

  /** Empty unless a path that a user gave does not exist. */
  private final String missingPath;

  public JobException(ExitCode exitCode, String message) {
    this(exitCode, message, "");
  }

  private JobException(ExitCode exitCode, String message, String missingPath) {
    super(message);
    this.exitCode = exitCode;
    this.missingPath = missingPath;
  }

  public JobException(ExitCode exitCode, String message, Throwable cause) {
    super(message, cause);
    this.exitCode = exitCode;
    this.missingPath = "";
  }

  @FormatMethod
  public static JobException badInput(String format, Object... arguments) {
    return new JobException(ExitCode.BAD_INPUT, String.format(format, arguments));
  }

  /**
   * A path that does not exist, as the user wrote it.
   *
   * @param kind what it should be, such as Input
   */
  public static JobException missing(String kind, String path) {
    return new JobException(ExitCode.BAD_INPUT, missingSentence(kind, path), path);
  }

  /** The same for whoever knows where the user named the path, as by {@code --model}. */
  public static String missingSentence(String named, String path) {
    return String.format("%s %s does not exist; check the path", named, path);
  }

  /** What a task's failure is to the driver: causes stay behind, as not all can travel. */
  private Object writeReplace() {
    JobException alone = new JobException(exitCode, getMessage(), missingPath);
    alone.setStackTrace(getStackTrace());
    return alone;
  }

  /** The path that does not exist, if that is the failure. */
  public Optional<String> missingPath() {
    return Optional.of(missingPath).filter(path -> !path.isEmpty());
  }

  public ExitCode exitCode() {
    return exitCode;
  }
}
