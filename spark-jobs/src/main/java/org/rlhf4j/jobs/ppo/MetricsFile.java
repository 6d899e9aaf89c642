package org.rlhf4j.jobs.ppo;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.LocalFileSystem;
import org.apache.hadoop.fs.Path;
import org.rlhf4j.jobs.ExitCode;
import org.rlhf4j.jobs.JobException;
import org.rlhf4j.jobs.checkpoint.HadoopPaths;

/**
 * The metrics of a run as a file of JSON lines. Written as a whole each time: object stores cannot
 * append, and the lines come from the checkpoint, so that file and checkpoint cannot disagree for
 * longer than one write.
 */
final class MetricsFile {
  private final Path file;

  MetricsFile(String file) {
    this.file = new Path(file);
  }

  void write(List<String> lines) {
    try (OutputStream output = fileSystem().create(file, true)) {
      for (String line : lines) {
        output.write((line + "\n").getBytes(StandardCharsets.UTF_8));
      }
    } catch (IOException e) {
      throw new JobException(
          ExitCode.STORAGE_FAILED,
          String.format("%s cannot be written: %s", file, e.getMessage()),
          e);
    }
  }

  /** Local files without Hadoop's checksum files beside them. */
  private FileSystem fileSystem() throws IOException {
    FileSystem files = file.getFileSystem(HadoopPaths.configuration());
    return files instanceof LocalFileSystem local ? local.getRawFileSystem() : files;
  }
}
