package org.rlhf4j.jobs.dataset;

import static org.rlhf4j.jobs.JobException.badInput;

import java.io.File;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.UnsupportedFileSystemException;
import org.rlhf4j.jobs.ExitCode;
import org.rlhf4j.jobs.JobException;

/** Small files and listings on any Hadoop file system; failures become exit code 5. */
public final class Storage {
  private static final String LOCAL = "file";
  private static final String NO_GLOB = "Illegal file pattern";
  private static final FileStatus[] NO_FILES = {};

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

  /**
   * What a path or glob stands for, by name; empty if nothing matches. As in a shell, a name that
   * matches nothing as a glob may be that of a file.
   */
  public List<FileStatus> glob(Path pattern) {
    try {
      FileSystem files = fileSystem(pattern);
      FileStatus[] statuses = globbed(files, pattern);
      if (statuses.length == 0) {
        return List.of(files.getFileStatus(pattern));
      }

      Arrays.sort(statuses, Comparator.comparing(FileStatus::getPath));
      return List.of(statuses);
    } catch (FileNotFoundException e) {
      return List.of();
    } catch (UnsupportedFileSystemException e) {
      throw badInput("%s is on no known file system: %s; check the path.", pattern, e.getMessage());
    } catch (IOException e) {
      throw failed("list", pattern, e);
    }
  }

  /** Nothing if the path is no glob; Hadoop tells by the message alone. */
  private static FileStatus[] globbed(FileSystem files, Path pattern) throws IOException {
    try {
      FileStatus[] statuses = files.globStatus(pattern);
      return statuses == null ? NO_FILES : statuses;
    } catch (IOException e) {
      if (String.valueOf(e.getMessage()).startsWith(NO_GLOB)) {
        return NO_FILES;
      }

      throw e;
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

  /** Whether a path is a directory or lies below it, by whatever links either is named. */
  public boolean isWithin(Path directory, Path path) {
    Path own = canonical(directory);
    Path above = canonical(path);
    while (above != null && !above.equals(own)) {
      above = above.getParent();
    }

    return above != null;
  }

  /** The one path of a file or directory, by whatever links it is named. */
  private Path canonical(Path path) {
    try {
      Path qualified = fileSystem(path).makeQualified(path);
      URI uri = qualified.toUri();
      return LOCAL.equals(uri.getScheme())
          ? new Path(new File(uri.getPath()).getCanonicalPath())
          : qualified;
    } catch (IOException e) {
      throw failed("read", path, e);
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
