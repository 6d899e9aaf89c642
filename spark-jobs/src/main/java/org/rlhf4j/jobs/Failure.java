package org.rlhf4j.jobs;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
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

  private static final Pattern QUOTED =
      Pattern.compile(
          "(?:"
              + Stream.of(
                      JobException.class,
                      ConfigException.class,
                      ModelFormatException.class,
                      PromptException.class)
                  .map(type -> Pattern.quote(type.getName()))
                  .collect(Collectors.joining("|"))
              + "): (.+)");

  /**
   * Looks through Spark's wrappers: for a failure with a sentence of its own, however deep, and
   * only then for one of storage, in which such a sentence may be wrapped too.
   */
  public static Failure of(Throwable thrown) {
    return first(thrown, Failure::ofOurs)
        .or(() -> first(thrown, Failure::ofLostCause))
        .or(() -> first(thrown, Failure::ofStorage))
        .orElseGet(() -> unexpected(thrown));
  }

  private static Optional<Failure> first(
      Throwable thrown, Function<Throwable, Optional<Failure>> recognise) {
    for (Throwable cause = thrown; cause != null; cause = cause.getCause()) {
      Optional<Failure> failure = recognise.apply(cause);
      if (failure.isPresent()) {
        return failure;
      }
    }
    return Optional.empty();
  }

  private static Optional<Failure> ofOurs(Throwable cause) {
    if (cause instanceof JobException e) {
      return Optional.of(new Failure(e.exitCode().code(), oneLine(e.getMessage())));
    }
    if (cause instanceof ConfigException
        || cause instanceof ModelFormatException
        || cause instanceof PromptException) {
      return Optional.of(new Failure(ExitCode.BAD_INPUT.code(), oneLine(cause.getMessage())));
    }
    return Optional.empty();
  }

  /** A task's exception that could not be sent back whole is quoted in the message of Spark's. */
  private static Optional<Failure> ofLostCause(Throwable cause) {
    Matcher quoted = QUOTED.matcher(String.valueOf(cause.getMessage()));
    return quoted.find()
        ? Optional.of(new Failure(ExitCode.BAD_INPUT.code(), quoted.group(1).strip()))
        : Optional.empty();
  }

  private static Optional<Failure> ofStorage(Throwable cause) {
    if (cause instanceof FileNotFoundException || cause instanceof AnalysisException) {
      return Optional.of(new Failure(ExitCode.BAD_INPUT.code(), oneLine(firstLine(cause))));
    }
    if (cause instanceof IOException) {
      String sentence =
          String.format(
              "Storage failed (%s); check the path, its permissions and the free space, and run"
                  + " again",
              firstLine(cause));
      return Optional.of(new Failure(ExitCode.STORAGE_FAILED.code(), oneLine(sentence)));
    }
    return Optional.empty();
  }

  private static Failure unexpected(Throwable thrown) {
    return new Failure(
        UNEXPECTED,
        oneLine(
            String.format(
                "Unexpected failure (%s: %s); run again with --set log.debug=true for the details",
                thrown.getClass().getSimpleName(), firstLine(thrown))));
  }

  private static String firstLine(Throwable thrown) {
    String message = thrown.getMessage();
    return message == null ? "no message" : message.lines().findFirst().orElse("no message");
  }

  private static String oneLine(String message) {
    return message.replaceAll("\\s*\\R\\s*", " ").strip();
  }
}
