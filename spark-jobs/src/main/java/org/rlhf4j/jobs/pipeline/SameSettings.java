package org.rlhf4j.jobs.pipeline;

import java.util.List;
import java.util.Optional;
import org.apache.hadoop.fs.Path;
import org.rlhf4j.config.ConfigFormat;
import org.rlhf4j.jobs.ExitCode;
import org.rlhf4j.jobs.JobException;
import org.rlhf4j.jobs.dataset.Storage;

/** The settings a resumable directory was begun with: it goes on with no others. */
final class SameSettings {
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
    if (!format.hash(begun).equals(format.hash(config))) {
      throw new JobException(
          ExitCode.RUN_MISMATCH,
          String.format(
              "%s was begun with other settings (%s); use those or another run directory",
              directory, String.join(", ", format.differences(begun, config))));
    }
  }
}
