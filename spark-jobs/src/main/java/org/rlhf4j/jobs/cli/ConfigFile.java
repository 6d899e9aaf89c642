package org.rlhf4j.jobs.cli;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.Path;
import org.rlhf4j.config.ConfigFormat;
import org.rlhf4j.jobs.ExitCode;
import org.rlhf4j.jobs.JobException;
import org.rlhf4j.jobs.checkpoint.HadoopPaths;

/** Reads the text of a configuration file on any Hadoop path. */
final class ConfigFile {
  private ConfigFile() {}

  static ConfigFormat.Source read(String file) {
    Path path = new Path(file);
    try (FSDataInputStream in = path.getFileSystem(HadoopPaths.configuration()).open(path)) {
      return new ConfigFormat.Source(file, new String(in.readAllBytes(), StandardCharsets.UTF_8));
    } catch (FileNotFoundException e) {
      throw JobException.badInput("The configuration file %s does not exist; check --config", file);
    } catch (IOException e) {
      throw new JobException(
          ExitCode.STORAGE_FAILED,
          String.format("The configuration file %s cannot be read: %s", file, e.getMessage()),
          e);
    }
  }
}
