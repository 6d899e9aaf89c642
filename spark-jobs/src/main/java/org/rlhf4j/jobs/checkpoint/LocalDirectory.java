package org.rlhf4j.jobs.checkpoint;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.util.function.Predicate;
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
    return of(directory, name -> true, HadoopPaths.configuration());
  }

  /** The same with only those files of a remote directory whose relative path is wanted. */
  public static LocalDirectory of(String directory, Predicate<String> wanted) {
    return of(directory, wanted, HadoopPaths.configuration());
  }

  static LocalDirectory of(
      String directory, Predicate<String> wanted, Configuration configuration) {
    Path source = new Path(directory);
    try {
      FileSystem files = HadoopPaths.fileSystem(source, configuration);
      HadoopPaths.checkDirectory(files, directory);
      return HadoopPaths.isLocal(source, configuration)
          ? new LocalDirectory(HadoopPaths.local(source), false)
          : copy(files, source, wanted);
    } catch (IOException e) {
      throw new JobException(
          ExitCode.STORAGE_FAILED,
          String.format("Directory %s cannot be read: %s", directory, e.getMessage()),
          e);
    }
  }

  private static LocalDirectory copy(FileSystem files, Path source, Predicate<String> wanted)
      throws IOException {
    java.nio.file.Path target = Files.createTempDirectory("rlhf4j-fetched-");
    try {
      Path root = files.makeQualified(source);
      for (FileStatus file : HadoopPaths.files(files, root)) {
        String relative = HadoopPaths.relative(root, file.getPath());
        if (wanted.test(relative)) {
          copy(files, file.getPath(), target.resolve(relative));
        }
      }
      return new LocalDirectory(target, true);
    } catch (IOException e) {
      HadoopPaths.deleteLocal(target);
      throw e;
    }
  }

  private static void copy(FileSystem files, Path from, java.nio.file.Path to) throws IOException {
    Files.createDirectories(to.getParent());
    try (InputStream input = files.open(from)) {
      Files.copy(input, to);
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
