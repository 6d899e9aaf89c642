package org.rlhf4j.jobs.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.rlhf4j.jobs.Failure;
import org.rlhf4j.jobs.JobException;
import org.rlhf4j.jobs.pipeline.RunConfig;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParseResult;

/** Tells by which options and settings a user named a path that does not exist. */
final class PathNames {
  private static final Set<String> OPTIONS_WITHOUT_PATH =
      Set.of("--set", "--prompt", "--output", "--output-format", "--format");
  private static final Set<String> PATH_KEYS =
      Set.of(
          "pipeline.input",
          "pipeline.model",
          "pipeline.judge",
          "prepare.held-out.paths",
          "quality.gold",
          "reward.normalize-input",
          "score.judge",
          "score.ensemble",
          "ppo.pretraining-input");

  private final ParseResult parsed;
  private final RunConfig config;

  PathNames(ParseResult parsed, RunConfig config) {
    this.parsed = parsed;
    this.config = config;
  }

  /** The same failure, with the names in its sentence where that is about a missing path. */
  Failure named(Throwable thrown, Failure failure) {
    return missingPath(thrown)
        .filter(path -> !names(path).isEmpty())
        .map(path -> JobException.missingSentence(String.join(" and ", names(path)), path))
        .map(sentence -> new Failure(failure.exitCode(), sentence))
        .orElse(failure);
  }

  private static Optional<String> missingPath(Throwable thrown) {
    for (Throwable cause = thrown; cause != null; cause = cause.getCause()) {
      if (cause instanceof JobException e) {
        return e.missingPath();
      }
    }
    return Optional.empty();
  }

  private List<String> names(String path) {
    List<String> names = new ArrayList<>();
    for (OptionSpec option : parsed.matchedOptions()) {
      if (!OPTIONS_WITHOUT_PATH.contains(option.longestName())
          && option.stringValues().stream().anyMatch(value -> isPath(value, path))) {
        names.add(option.names()[0]);
      }
    }
    RunConfig.format().keysOf(config, path).stream()
        .filter(PATH_KEYS::contains)
        .forEach(names::add);
    return names.stream().distinct().toList();
  }

  /** The path alone, or behind a name, as in {@code --model first=DIR}. */
  private static boolean isPath(String value, String path) {
    return value.equals(path) || value.endsWith("=" + path);
  }
}
