package org.rlhf4j.jobs.checkpoint;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileSystemException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.rlhf4j.jobs.ExitCode;
import org.rlhf4j.jobs.JobException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Publishes directories of files (models, training state, tokenizers) on any Hadoop path. A
 * directory counts only with its {@code manifest.json}, which lists every file's length and hash
 * and is written last; a killed or failed writer leaves the directory as it was, or one that does
 * not count.
 *
 * <p>Assumes one writer per directory, which the run's lock provides.
 */
public final class CheckpointStore {
  private static final Logger LOG = LoggerFactory.getLogger(CheckpointStore.class);
  private static final String STEP_FORMAT = "%05d";

  /** Writes the files of a directory. */
  @FunctionalInterface
  public interface DirectoryWriter {
    /**
     * @param directory empty and local
     */
    void writeTo(java.nio.file.Path directory) throws IOException;
  }

  /**
   * A published checkpoint.
   *
   * @param step its number, ascending over a run
   */
  public record Checkpoint(long step, String directory) {}

  private final Configuration configuration;

  public CheckpointStore() {
    this(HadoopPaths.configuration());
  }

  CheckpointStore(Configuration configuration) {
    this.configuration = configuration;
  }

  /** Publishes checkpoint {@code step} of a kind, such as {@code RUN/checkpoints/policy}. */
  public Checkpoint publish(String kindDirectory, long step, DirectoryWriter writer) {
    String directory = new Path(kindDirectory, String.format(STEP_FORMAT, step)).toString();
    publish(directory, writer);
    return new Checkpoint(step, directory);
  }

  /**
   * Publishes a directory. What was published there before is replaced once the new files are
   * written; files under {@code metrics/} stay.
   *
   * @throws JobException if the directory holds other files (bad input), or storage fails
   */
  public void publish(String directory, DirectoryWriter writer) {
    inStorage(directory, "published", path -> new Publication(path, configuration).run(writer));
  }

  /** Whether the directory has a manifest; its files are not looked at. */
  public boolean isPublished(String directory) {
    return inStorage(
        directory, "read", path -> fileSystem(path).exists(new Path(path, Manifest.NAME)));
  }

  /**
   * Reads every file and compares it with the manifest.
   *
   * @throws JobException if a file is missing, truncated or altered; names the file
   */
  public void verify(String directory) {
    inStorage(
        directory,
        "read",
        path -> {
          new Verification(fileSystem(path), path).run();
          return directory;
        });
  }

  /** The checkpoint with the highest step whose every file verifies; others are logged. */
  public Optional<Checkpoint> latest(String kindDirectory) {
    for (Checkpoint checkpoint : newestFirst(kindDirectory)) {
      try {
        verify(checkpoint.directory());
        return Optional.of(checkpoint);
      } catch (JobException e) {
        LOG.warn("Skipping checkpoint {}: {}", checkpoint.directory(), e.getMessage());
      }
    }
    return Optional.empty();
  }

  /**
   * Deletes all checkpoints older than the {@code count} newest that verify; none, if fewer verify.
   */
  public void keepNewest(String kindDirectory, int count) {
    if (count < 1) {
      throw new IllegalArgumentException("At least one checkpoint must be kept, not " + count);
    }
    int kept = 0;
    for (Checkpoint checkpoint : newestFirst(kindDirectory)) {
      if (kept == count) {
        delete(checkpoint.directory());
      } else if (verifies(checkpoint)) {
        kept++;
      }
    }
  }

  /** Deletes all checkpoints of a kind, and whatever else its directory holds. */
  public void deleteAll(String kindDirectory) {
    newestFirst(kindDirectory).forEach(checkpoint -> delete(checkpoint.directory()));
    inStorage(kindDirectory, "deleted", path -> fileSystem(path).delete(path, true));
  }

  private boolean verifies(Checkpoint checkpoint) {
    try {
      verify(checkpoint.directory());
      return true;
    } catch (JobException e) {
      LOG.warn("Checkpoint {} does not count: {}", checkpoint.directory(), e.getMessage());
      return false;
    }
  }

  private void delete(String directory) {
    inStorage(
        directory,
        "deleted",
        path -> {
          Publication.retire(fileSystem(path), path);
          return fileSystem(path).delete(path, true);
        });
  }

  /** Published checkpoints of a kind, highest step first. */
  public List<Checkpoint> newestFirst(String kindDirectory) {
    return inStorage(kindDirectory, "listed", this::list);
  }

  private List<Checkpoint> list(Path kind) throws IOException {
    FileSystem files = fileSystem(kind);
    List<Checkpoint> found = new ArrayList<>();
    if (!files.exists(kind)) {
      return found;
    }
    for (FileStatus status : files.listStatus(kind)) {
      String name = status.getPath().getName();
      if (status.isDirectory()
          && name.matches("\\d{1,18}")
          && files.exists(new Path(status.getPath(), Manifest.NAME))) {
        found.add(new Checkpoint(Long.parseLong(name), new Path(kind, name).toString()));
      }
    }
    found.sort(Comparator.comparingLong(Checkpoint::step).reversed());
    return found;
  }

  private FileSystem fileSystem(Path path) throws IOException {
    return HadoopPaths.fileSystem(path, configuration);
  }

  /** Work on a directory's storage. */
  @FunctionalInterface
  private interface Operation<R> {
    R on(Path path) throws IOException;
  }

  private static <R> R inStorage(String directory, String verb, Operation<R> operation) {
    try {
      return operation.on(new Path(directory));
    } catch (UncheckedIOException e) {
      throw failed(directory, verb, e.getCause());
    } catch (IOException e) {
      throw failed(directory, verb, e);
    }
  }

  private static JobException failed(String directory, String verb, IOException cause) {
    // The messages of these exceptions are the bare path.
    String problem =
        cause instanceof FileSystemException
            ? cause.toString()
            : String.valueOf(cause.getMessage());
    return new JobException(
        ExitCode.STORAGE_FAILED,
        String.format("Directory %s cannot be %s: %s", directory, verb, problem),
        cause);
  }
}
