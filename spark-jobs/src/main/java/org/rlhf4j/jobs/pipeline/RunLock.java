package org.rlhf4j.jobs.pipeline;

import java.util.Optional;
import org.apache.hadoop.fs.Path;
import org.rlhf4j.jobs.ExitCode;
import org.rlhf4j.jobs.JobException;

/**
 * The right to write into a run directory, held by one process at a time.
 *
 * <p>On a local file system the operating system's file lock is used, which ends with its process
 * however that dies. Elsewhere a file that only one process can create names its holder; the lock
 * of a dead process of the same machine is taken over, that of another machine has to be deleted by
 * hand, as nobody can tell whether it still runs. On object stores without a conditional create two
 * starts in the same second may both succeed: start a run from one place there.
 */
interface RunLock extends AutoCloseable {
  String FILE = "_lock";

  /**
   * @throws JobException with {@link ExitCode#LOCKED} if another process holds it
   */
  static RunLock take(String directory) {
    Path file = new Path(directory, FILE);
    Optional<java.nio.file.Path> local = LocalRunLock.localPath(file);
    return local.isPresent() ? LocalRunLock.take(local.get()) : RemoteRunLock.take(file);
  }

  /** Whether another process, or another thread of this one, holds it now. */
  static boolean isHeld(String directory) {
    Path file = new Path(directory, FILE);
    Optional<java.nio.file.Path> local = LocalRunLock.localPath(file);
    return local.isPresent() ? LocalRunLock.isHeld(local.get()) : RemoteRunLock.isHeld(file);
  }

  static JobException locked(Object file, String holder) {
    return new JobException(
        ExitCode.LOCKED,
        String.format(
            "Run is locked by %s; wait for it to end, or delete %s if that process is gone",
            holder.isBlank() ? "another process" : holder, file));
  }

  @Override
  void close();
}
