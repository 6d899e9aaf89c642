package org.rlhf4j.jobs.cli;

import java.io.IOException;
import java.util.Optional;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.rlhf4j.jobs.ExitCode;
import org.rlhf4j.jobs.JobException;
import org.rlhf4j.jobs.checkpoint.HadoopPaths;
import org.rlhf4j.jobs.pipeline.RunLock;

/**
 * Keeps an output to one process, and refuses one that cannot be written before any work is done.
 *
 * @param lock empty for a command without an output
 */
record OutputLock(Optional<RunLock> lock) implements AutoCloseable {
  /**
   * @throws JobException if the output is a file (bad input), is locked, or cannot be written
   */
  static OutputLock of(Optional<String> output) {
    output.ifPresent(OutputLock::refuseFile);
    return new OutputLock(output.map(RunLock::ofOutput));
  }

  private static void refuseFile(String output) {
    Path path = new Path(output);
    try {
      FileSystem files = path.getFileSystem(HadoopPaths.configuration());
      if (files.exists(path) && files.getFileStatus(path).isFile()) {
        throw JobException.badInput("Output %s is a file; choose another path", output);
      }
    } catch (IOException e) {
      throw new JobException(
          ExitCode.STORAGE_FAILED,
          String.format(
              "Output %s cannot be reached: %s; check the path and its permissions",
              output, e.getMessage()),
          e);
    }
  }

  @Override
  public void close() {
    lock.ifPresent(RunLock::close);
  }
}
