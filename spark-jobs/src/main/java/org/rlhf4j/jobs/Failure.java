package org.rlhf4j.jobs;

import java.io.FileNotFoundException;
import java.io.IOException;
import org.apache.spark.sql.AnalysisException;
import org.rlhf4j.config.ConfigException;
import org.rlhf4j.hub.ModelFormatException;
import org.rlhf4j.text.PromptException;

/**
 * A failure as a user sees it.
 *
 * @param exitCode of the process
 * @param sentence one line: what, where, what to do
 */
public record Failure(int exitCode, String sentence) {
  /** A defect of rlhf4j or of the machine, which no user can correct by other input. */
  public static final int UNEXPECTED = 1;

  /** Looks through Spark's wrappers for the first cause that a user can act on. */
  public static Failure of(Throwable thrown) {
    for (Throwable cause = thrown; cause != null; cause = cause.getCause()) {
      Failure known = known(cause);
      if (known != null) {
        return known;
      }
    }
    return new Failure(
        UNEXPECTED,
        oneLine(
            String.format(
                "Unexpected failure (%s: %s); run again with --set log.debug=true for the details",
                thrown.getClass().getSimpleName(), firstLine(thrown))));
  }

  private static Failure known(Throwable cause) {
    if (cause instanceof JobException e) {
      return new Failure(e.exitCode().code(), oneLine(e.getMessage()));
    }
    if (cause instanceof ConfigException
        || cause instanceof ModelFormatException
        || cause instanceof PromptException) {
      return new Failure(ExitCode.BAD_INPUT.code(), oneLine(cause.getMessage()));
    }
    if (cause instanceof FileNotFoundException || cause instanceof AnalysisException) {
      return new Failure(ExitCode.BAD_INPUT.code(), oneLine(firstLine(cause)));
    }
    if (cause instanceof IOException) {
      return new Failure(
          ExitCode.STORAGE_FAILED.code(),
          oneLine(String.format("Storage failed (%s); run again", firstLine(cause))));
    }
    return null;
  }

  private static String firstLine(Throwable thrown) {
    String message = thrown.getMessage();
    return message == null ? "no message" : message.lines().findFirst().orElse("no message");
  }

  private static String oneLine(String message) {
    return message.replaceAll("\\s*\\R\\s*", " ").strip();
  }
}
