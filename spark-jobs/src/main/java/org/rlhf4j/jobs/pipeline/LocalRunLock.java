package org.rlhf4j.jobs.pipeline;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.rlhf4j.jobs.checkpoint.HadoopPaths;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The operating system's lock on a file, whose content names the holder for people. The file is
 * deleted at the end, and so are the folders that were made for it if nothing else came into them.
 */
final class LocalRunLock implements RunLock {
  /**
   * Files this JVM holds. They must not even be opened: closing any channel of a file gives up the
   * whole process's lock on it.
   */
  private static final Set<Path> HELD = ConcurrentHashMap.newKeySet();

  private static final int MOST_ATTEMPTS = 1_000;

  private static final Logger LOG = LoggerFactory.getLogger(LocalRunLock.class);

  private final Path file;
  private final FileChannel channel;
  private final List<Path> madeFolders;

  private LocalRunLock(Path file, FileChannel channel, List<Path> madeFolders) {
    this.file = file;
    this.channel = channel;
    this.madeFolders = madeFolders;
  }

  /** The path on this machine's file system, if it lies there. */
  static Optional<Path> localPath(org.apache.hadoop.fs.Path file) {
    try {
      String scheme = file.getFileSystem(HadoopPaths.configuration()).getUri().getScheme();
      return "file".equals(scheme)
          ? Optional.of(Path.of(file.toUri().getPath()))
          : Optional.empty();
    } catch (IOException e) {
      throw RunLock.failed(file, e);
    }
  }

  /**
   * @param subject what the lock protects, for the message
   */
  static LocalRunLock take(Path path, String subject) {
    Path file = path.toAbsolutePath().normalize();
    if (!HELD.add(file)) {
      throw RunLock.locked(subject, file, LockHolder.thisProcess().toString());
    }
    List<Path> missing = missingFolders(file);
    try {
      return take(file, subject, missing);
    } catch (IOException e) {
      giveUp(file, missing);
      throw RunLock.failed(file, e);
    } catch (RuntimeException e) {
      giveUp(file, missing);
      throw e;
    }
  }

  private static LocalRunLock take(Path file, String subject, List<Path> missing)
      throws IOException {
    Optional<FileChannel> channel = Optional.empty();
    for (int attempt = 1; channel.isEmpty(); attempt++) {
      Files.createDirectories(file.getParent());
      try {
        channel = lock(file, subject);
      } catch (NoSuchFileException e) {
        if (attempt == MOST_ATTEMPTS) { // not given up, but a folder that takes no files
          throw e;
        }
        LOG.debug("The last holder of {} just gave it up", file, e);
      }
    }
    byte[] holder = LockHolder.thisProcess().text().getBytes(StandardCharsets.UTF_8);
    channel.get().truncate(0);
    channel.get().write(ByteBuffer.wrap(holder));
    return new LocalRunLock(file, channel.get(), missing);
  }

  /** Empty if the last holder deleted the file meanwhile: then its lock protects nothing. */
  private static Optional<FileChannel> lock(Path file, String subject) throws IOException {
    create(file);
    Object key = key(file);
    FileChannel channel = open(file);
    if (tryLock(channel).isEmpty()) {
      channel.close();
      throw RunLock.locked(subject, file, holder(file));
    }
    if (key.equals(key(file))) {
      return Optional.of(channel);
    }
    channel.close();
    return Optional.empty();
  }

  private static void create(Path file) throws IOException {
    try {
      Files.createFile(file);
    } catch (FileAlreadyExistsException e) {
      // its holder may be gone
    }
  }

  private static FileChannel open(Path file) throws IOException {
    return FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE);
  }

  /** Tells two files of one name apart; never equal where there is none. */
  private static Object key(Path file) throws IOException {
    try {
      Object key = Files.readAttributes(file, BasicFileAttributes.class).fileKey();
      return key == null ? file : key;
    } catch (NoSuchFileException e) {
      return new Object();
    }
  }

  static boolean isHeld(Path path) {
    Path file = path.toAbsolutePath().normalize();
    if (HELD.contains(file)) {
      return true;
    }
    if (!Files.exists(file)) {
      return false;
    }
    try (FileChannel channel = open(file)) {
      return tryLock(channel).isEmpty();
    } catch (NoSuchFileException e) {
      return false;
    } catch (IOException e) {
      throw RunLock.failed(file, e);
    }
  }

  private static Optional<FileLock> tryLock(FileChannel channel) throws IOException {
    try {
      return Optional.ofNullable(channel.tryLock());
    } catch (OverlappingFileLockException e) {
      return Optional.empty();
    }
  }

  private static String holder(Path file) throws IOException {
    try {
      return LockHolder.parse(Files.readString(file)).map(LockHolder::toString).orElse("");
    } catch (NoSuchFileException e) {
      return "";
    }
  }

  /** Folders above the file that do not exist, the innermost first. */
  private static List<Path> missingFolders(Path file) {
    List<Path> missing = new ArrayList<>();
    Path folder = file.getParent();
    while (folder != null && !Files.exists(folder)) {
      missing.add(folder);
      folder = folder.getParent();
    }
    return missing;
  }

  /** Deletes what was made, as far as it is empty. */
  private static void giveUp(Path file, List<Path> madeFolders) {
    try {
      for (Path folder : madeFolders) {
        Files.deleteIfExists(folder);
      }
    } catch (IOException e) {
      // not empty, so it is of use
    } finally {
      HELD.remove(file);
    }
  }

  @Override
  public void close() {
    try {
      Files.deleteIfExists(file);
      channel.close();
    } catch (IOException e) {
      throw RunLock.failed(file, e);
    } finally {
      giveUp(file, madeFolders);
    }
  }
}
