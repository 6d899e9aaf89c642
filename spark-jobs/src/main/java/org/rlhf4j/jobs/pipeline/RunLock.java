package org.rlhf4j.jobs.pipeline;

import java.io.IOException;
import java.nio.file.FileSystemException;
import java.util.Optional;
import org.apache.hadoop.fs.Path;
import org.rlhf4j.jobs.ExitCode;
import org.rlhf4j.jobs.JobException;

/**
 * The right to write into a directory, held by one process at a time.
 *
 * <p>On a local file system the operating system's file lock is used, which ends with its process
 * however that dies. Elsewhere a file that only one process can create names its holder; the lock
 * of a dead process of the same machine is taken over, that of another machine has to be deleted by
 * hand, as nobody can tell whether it still runs. On object stores without a conditional create two
 * starts in the same second may both succeed: start a run from one place there.
 */
public interface RunLock extends AutoCloseable {
  String FILE = "_lock";

  /**
   * Of a run directory.
   *
   * @throws JobException with {@link ExitCode#LOCKED} if another process holds it
   */
  static RunLock take(String directory) {
    return take(new Path(directory, FILE), "Run");
  }

  /**
   * Of the output of a command. The lock lies beside it, as an output holds nothing but what was
   * published there.
   *
   * @throws JobException with {@link ExitCode#LOCKED} if another process holds it
   */
  static RunLock ofOutput(String output) {
    Path path = new Path(output);
    Path folder = path.isRoot() ? path : path.getParent();
    return take(new Path(folder, "." + path.getName() + ".lock"), "Output " + output);
  }

  private static RunLock take(Path file, String subject) {
    Optional<java.nio.file.Path> local = LocalRunLock.localPath(file);
    return local.isPresent()
        ? LocalRunLock.take(local.get(), subject)
        : RemoteRunLock.take(file, subject);
  }

  /** Whether another process, or another thread of this one, holds a run directory now. */
  static boolean isHeld(String directory) {
    Path file = new Path(directory, FILE);
    Optional<java.nio.file.Path> local = LocalRunLock.localPath(file);
    return local.isPresent() ? LocalRunLock.isHeld(local.get()) : RemoteRunLock.isHeld(file);
  }

  /**
   * @param subject what is locked
   * @param holder empty if unknown
   */
  static JobException locked(String subject, Object file, String holder) {
    return new JobException(
        ExitCode.LOCKED,
        String.format(
            "%s is locked by %s; wait for it to end, or delete %s if that process is gone",
            subject, holder.isBlank() ? "another process" : holder, file));
  }

  static JobException failed(Object file, IOException cause) {
    // The messages of these exceptions are the bare path.
    String problem = cause instanceof FileSystemException ? cause.toString() : cause.getMessage();
    return new JobException(
        ExitCode.STORAGE_FAILED,
        String.format("Cannot lock %s: %s; check the path and its permissions", file, problem),
        cause);
  }

  @Override
  void close();
}
