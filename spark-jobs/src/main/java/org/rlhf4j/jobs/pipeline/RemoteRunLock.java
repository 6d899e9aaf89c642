package org.rlhf4j.jobs.pipeline;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.FileAlreadyExistsException;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.rlhf4j.jobs.checkpoint.HadoopPaths;

/** A file that only one process can create; deleted at the end. */
final class RemoteRunLock implements RunLock {
  private final FileSystem files;
  private final Path file;

  private RemoteRunLock(FileSystem files, Path file) {
    this.files = files;
    this.file = file;
  }

  /**
   * @param subject what the lock protects, for the message
   */
  static RemoteRunLock take(Path file, String subject) {
    try {
      return take(file.getFileSystem(HadoopPaths.configuration()), file, subject);
    } catch (IOException e) {
      throw RunLock.failed(file, e);
    }
  }

  static RemoteRunLock take(FileSystem files, Path file, String subject) throws IOException {
    try {
      files.mkdirs(file.getParent());
      if (isHeld(files, file)) {
        throw RunLock.locked(
            subject, file, holder(files, file).map(LockHolder::toString).orElse(""));
      }
      removeAbandoned(files, file);
      try (FSDataOutputStream out = files.create(file, false)) {
        out.write(LockHolder.thisProcess().text().getBytes(StandardCharsets.UTF_8));
      }
      return new RemoteRunLock(files, file);
    } catch (FileAlreadyExistsException e) {
      throw RunLock.locked(subject, file, "a process that started at the same time");
    }
  }

  /** Deletes only what a dead process left: a start at the same time may just have made its own. */
  private static void removeAbandoned(FileSystem files, Path file) throws IOException {
    if (files.exists(file) && holder(files, file).map(LockHolder::isGone).orElse(false)) {
      files.delete(file, false);
    }
  }

  static boolean isHeld(Path file) {
    try {
      return isHeld(file.getFileSystem(HadoopPaths.configuration()), file);
    } catch (IOException e) {
      throw RunLock.failed(file, e);
    }
  }

  private static boolean isHeld(FileSystem files, Path file) throws IOException {
    return files.exists(file) && !holder(files, file).map(LockHolder::isGone).orElse(false);
  }

  private static Optional<LockHolder> holder(FileSystem files, Path file) throws IOException {
    try (FSDataInputStream in = files.open(file)) {
      return LockHolder.parse(new String(in.readAllBytes(), StandardCharsets.UTF_8));
    } catch (FileNotFoundException e) {
      return Optional.empty();
    }
  }

  @Override
  public void close() {
    try {
      files.delete(file, false);
    } catch (IOException e) {
      throw RunLock.failed(file, e);
    }
  }
}
