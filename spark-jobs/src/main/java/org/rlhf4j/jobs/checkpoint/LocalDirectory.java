package org.rlhf4j.jobs.checkpoint;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.rlhf4j.jobs.ExitCode;
import org.rlhf4j.jobs.JobException;

/**
 * A directory of any Hadoop path on local storage: itself where it is local, else a copy that
 * {@link #close} deletes.
 */
public final class LocalDirectory implements AutoCloseable {
  private final java.nio.file.Path path;
  private final boolean copied;

  private LocalDirectory(java.nio.file.Path path, boolean copied) {
    this.path = path;
    this.copied = copied;
  }

  /**
   * @throws JobException if the directory does not exist (bad input) or cannot be read (storage)
   */
  public static LocalDirectory of(String directory) {
    return of(directory, HadoopPaths.configuration());
  }

  static LocalDirectory of(String directory, Configuration configuration) {
    Path source = new Path(directory);
    try {
      FileSystem files = HadoopPaths.fileSystem(source, configuration);
      if (!files.exists(source) || !files.getFileStatus(source).isDirectory()) {
        throw JobException.badInput("Directory %s does not exist; check the path", directory);
      }
      return HadoopPaths.isLocal(source, configuration)
          ? new LocalDirectory(HadoopPaths.local(source), false)
          : copy(files, source);
    } catch (IOException e) {
      throw new JobException(
          ExitCode.STORAGE_FAILED,
          String.format("Directory %s cannot be read: %s", directory, e.getMessage()),
          e);
    }
  }

  private static LocalDirectory copy(FileSystem files, Path source) throws IOException {
    java.nio.file.Path target = Files.createTempDirectory("rlhf4j-fetched-");
    try {
      Path root = files.makeQualified(source);
      for (FileStatus file : HadoopPaths.files(files, root)) {
        java.nio.file.Path local = target.resolve(HadoopPaths.relative(root, file.getPath()));
        Files.createDirectories(local.getParent());
        try (InputStream input = files.open(file.getPath())) {
          Files.copy(input, local);
        }
      }
      return new LocalDirectory(target, true);
    } catch (IOException e) {
      HadoopPaths.deleteLocal(target);
      throw e;
    }
  }

  public java.nio.file.Path path() {
    return path;
  }

  @Override
  public void close() {
    if (copied) {
      HadoopPaths.deleteLocal(path);
    }
  }
}
