package org.rlhf4j.jobs.checkpoint;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.LocalFileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.spark.SparkEnv;
import org.apache.spark.deploy.SparkHadoopUtil;
import org.rlhf4j.jobs.JobException;

/** Files and directories by Hadoop path, each on the file system its scheme names. */
public final class HadoopPaths {
  /** Reading Hadoop's settings parses files of many jars, so they are read once per Spark. */
  private record Settings(SparkEnv environment, Configuration configuration) {}

  private static volatile Settings settings;

  private HadoopPaths() {}

  /** Settings of this JVM's Spark, on the driver as in a task; Hadoop's own without Spark. */
  public static Configuration configuration() {
    SparkEnv environment = SparkEnv.get();
    Settings known = settings;
    if (known == null || known.environment() != environment) {
      known = new Settings(environment, read(environment));
      settings = known; // another thread may have read the same at the same time
    }
    return known.configuration();
  }

  private static Configuration read(SparkEnv environment) {
    return environment == null
        ? new Configuration()
        : SparkHadoopUtil.get().newConfiguration(environment.conf());
  }

  /**
   * The file system of a path. A local one is used without Hadoop's {@code .crc} files, which would
   * litter model directories.
   */
  static FileSystem fileSystem(Path path, Configuration configuration) throws IOException {
    FileSystem files = path.getFileSystem(configuration);
    return files instanceof LocalFileSystem local ? local.getRawFileSystem() : files;
  }

  /**
   * @throws JobException if there is no directory of that name
   */
  static void checkDirectory(FileSystem files, String directory) throws IOException {
    Path path = new Path(directory);
    if (!files.exists(path)) {
      throw JobException.missing("Directory", directory);
    }
    if (!files.getFileStatus(path).isDirectory()) {
      throw JobException.badInput(
          "%s is a file, but must be a directory; give the one it lies in", directory);
    }
  }

  /** Whether the path lies on this machine's file system. */
  static boolean isLocal(Path path, Configuration configuration) throws IOException {
    return path.getFileSystem(configuration) instanceof LocalFileSystem;
  }

  /** The local path of a Hadoop path for which {@link #isLocal} holds. */
  static java.nio.file.Path local(Path path) {
    return new File(Path.getPathWithoutSchemeAndAuthority(path).toString()).toPath();
  }

  /** All files under a directory, hidden ones included, ordered by path. */
  static List<FileStatus> files(FileSystem files, Path directory) throws IOException {
    List<FileStatus> found = new ArrayList<>();
    for (FileStatus status : files.listStatus(directory)) {
      if (status.isDirectory()) {
        found.addAll(files(files, status.getPath()));
      } else {
        found.add(status);
      }
    }
    found.sort(Comparator.comparing(status -> status.getPath().toString()));
    return found;
  }

  /** Path of a file relative to a directory above it, with forward slashes. */
  static String relative(Path directory, Path file) {
    String parent = Path.getPathWithoutSchemeAndAuthority(directory).toString();
    String child = Path.getPathWithoutSchemeAndAuthority(file).toString();
    return child.substring(parent.endsWith("/") ? parent.length() : parent.length() + 1);
  }

  /** Deletes a local directory and what is in it, if it exists. */
  static void deleteLocal(java.nio.file.Path directory) {
    if (!Files.exists(directory)) {
      return;
    }
    try (Stream<java.nio.file.Path> paths = Files.walk(directory)) {
      for (java.nio.file.Path path : paths.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(path);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
