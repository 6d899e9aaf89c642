package org.rlhf4j.jobs.pipeline;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import org.rlhf4j.jobs.ExitCode;
import org.rlhf4j.jobs.JobException;
import org.rlhf4j.jobs.checkpoint.HadoopPaths;

/** The operating system's lock on a file, whose content names the holder for people. */
final class LocalRunLock implements RunLock {
  private final FileChannel channel;

  private LocalRunLock(FileChannel channel) {
    this.channel = channel;
  }

  /** The path on this machine's file system, if it lies there. */
  static Optional<Path> localPath(org.apache.hadoop.fs.Path file) {
    try {
      String scheme = file.getFileSystem(HadoopPaths.configuration()).getUri().getScheme();
      return "file".equals(scheme)
          ? Optional.of(Path.of(file.toUri().getPath()))
          : Optional.empty();
    } catch (IOException e) {
      throw failed(file, e);
    }
  }

  static LocalRunLock take(Path file) {
    try {
      Files.createDirectories(file.toAbsolutePath().getParent());
      FileChannel channel =
          FileChannel.open(
              file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
      if (tryLock(channel).isEmpty()) {
        channel.close();
        throw RunLock.locked(file, Files.readString(file));
      }
      byte[] holder = LockHolder.thisProcess().toString().getBytes(StandardCharsets.UTF_8);
      channel.truncate(0);
      channel.write(ByteBuffer.wrap(holder));
      return new LocalRunLock(channel);
    } catch (IOException e) {
      throw failed(file, e);
    }
  }

  static boolean isHeld(Path file) {
    if (!Files.exists(file)) {
      return false;
    }
    try (FileChannel channel =
        FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
      return tryLock(channel).isEmpty();
    } catch (IOException e) {
      throw failed(file, e);
    }
  }

  private static Optional<FileLock> tryLock(FileChannel channel) throws IOException {
    try {
      return Optional.ofNullable(channel.tryLock());
    } catch (OverlappingFileLockException e) {
      return Optional.empty();
    }
  }

  /** The file stays: deleting it would let two processes lock two files of one name. */
  @Override
  public void close() {
    try {
      channel.truncate(0);
      channel.close();
    } catch (IOException e) {
      throw failed("the lock of the run", e);
    }
  }

  private static JobException failed(Object file, IOException cause) {
    return new JobException(
        ExitCode.STORAGE_FAILED,
        String.format(
            "Cannot lock %s: %s; check the path and its permissions", file, cause.getMessage()),
        cause);
  }
}
