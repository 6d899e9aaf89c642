package org.rlhf4j.jobs.pipeline;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.apache.hadoop.fs.Path;
import org.rlhf4j.config.ConfigFormat;
import org.rlhf4j.jobs.ExitCode;
import org.rlhf4j.jobs.JobException;
import org.rlhf4j.jobs.dataset.Storage;

/** The settings a resumable directory was begun with: it goes on with no others. */
final class SameSettings {
  private static final Set<String> PATHS =
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

  private static final Pattern URL = Pattern.compile("https?://");

  private SameSettings() {}

  /**
   * @param file where the settings were written at the beginning; there may be none yet
   * @param directory named in the message
   * @throws JobException with {@link ExitCode#RUN_MISMATCH} if a setting differs that can change a
   *     result
   */
  static void check(Storage storage, Path file, String directory, RunConfig config) {
    if (!storage.exists(file)) {
      return;
    }
    ConfigFormat<RunConfig> format = RunConfig.format();
    ConfigFormat.Source source = new ConfigFormat.Source(file.toString(), storage.readText(file));
    RunConfig begun = format.read(Optional.of(source), List.of());
    List<String> differences =
        format.differences(begun, config, (key, value) -> comparable(storage, key, value));
    if (!differences.isEmpty()) {
      throw new JobException(
          ExitCode.RUN_MISMATCH,
          String.format(
              "%s was begun with other settings (%s); use those or another run directory",
              directory, String.join(", ", differences)));
    }
  }

  /** Paths are the same where they name the same file or directory, however they are written. */
  private static Object comparable(Storage storage, String key, Object value) {
    if (!PATHS.contains(key)) {
      return value;
    }
    return value instanceof List<?> paths
        ? paths.stream().map(path -> canonical(storage, path.toString())).toList()
        : canonical(storage, value.toString());
  }

  private static String canonical(Storage storage, String text) {
    if (text.isEmpty() || URL.matcher(text).lookingAt()) {
      return text;
    }
    try {
      return storage.canonical(new Path(text)).toString();
    } catch (IllegalArgumentException e) {
      return text; // no path: refused where it is read
    }
  }
}
