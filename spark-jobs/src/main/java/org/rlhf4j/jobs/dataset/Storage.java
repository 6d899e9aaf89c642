package org.rlhf4j.jobs.dataset;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.rlhf4j.jobs.ExitCode;
import org.rlhf4j.jobs.JobException;

/** Small files and listings on any Hadoop file system; failures become exit code 5. */
public final class Storage {
  private final Configuration configuration;

  public Storage(Configuration configuration) {
    this.configuration = configuration;
  }

  public boolean exists(Path path) {
    try {
      return fileSystem(path).exists(path);
    } catch (IOException e) {
      throw failed("read", path, e);
    }
  }

  /** Files and folders directly under a directory, by name; empty if it does not exist. */
  public List<FileStatus> list(Path directory) {
    try {
      FileStatus[] statuses = fileSystem(directory).listStatus(directory);
      Arrays.sort(statuses, Comparator.comparing(FileStatus::getPath));
      return List.of(statuses);
    } catch (FileNotFoundException e) {
      return List.of();
    } catch (IOException e) {
      throw failed("list", directory, e);
    }
  }

  /** What a path or glob stands for, by name; empty if nothing matches. */
  public List<FileStatus> glob(Path pattern) {
    try {
      FileStatus[] statuses = fileSystem(pattern).globStatus(pattern);
      List<FileStatus> found = new ArrayList<>(statuses == null ? List.of() : List.of(statuses));
      found.sort(Comparator.comparing(FileStatus::getPath));
      return found;
    } catch (IOException e) {
      throw failed("list", pattern, e);
    }
  }

  public String readText(Path file) {
    try (FSDataInputStream in = fileSystem(file).open(file)) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw failed("read", file, e);
    }
  }

  /** Replaces a small file as a whole: a reader sees the old text, none, or the new one. */
  public void replaceText(Path file, String text) {
    Path attempt = new Path(file.getParent(), "." + file.getName() + ".attempt");
    try {
      FileSystem fileSystem = fileSystem(file);
      try (FSDataOutputStream out = fileSystem.create(attempt, true)) {
        out.write(text.getBytes(StandardCharsets.UTF_8));
        out.hsync();
      }

      rename(fileSystem, attempt, file);
    } catch (IOException e) {
      throw failed("write", file, e);
    }
  }

  /** Local file systems rename over a file in one step, others refuse to. */
  private static void rename(FileSystem fileSystem, Path attempt, Path file) throws IOException {
    if (fileSystem.rename(attempt, file)) {
      return;
    }
    fileSystem.delete(file, false);
    if (!fileSystem.rename(attempt, file)) {
      throw new IOException("The file system refused to rename " + attempt);
    }
  }

  public void delete(Path path) {
    try {
      fileSystem(path).delete(path, true);
    } catch (IOException e) {
      throw failed("delete", path, e);
    }
  }

  private FileSystem fileSystem(Path path) throws IOException {
    return path.getFileSystem(configuration);
  }

  private static JobException failed(String verb, Path path, IOException cause) {
    return new JobException(
        ExitCode.STORAGE_FAILED,
        "Cannot %s %s: %s; check the path, its permissions and the free space."
            .formatted(verb, path, cause.getMessage()),
        cause);
  }
}
