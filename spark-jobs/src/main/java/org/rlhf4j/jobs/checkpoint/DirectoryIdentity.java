package org.rlhf4j.jobs.checkpoint;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.rlhf4j.jobs.ExitCode;
import org.rlhf4j.jobs.JobException;

/**
 * Tells whether a directory still holds what it held: the hash of its manifest, or of its files'
 * names, lengths and times where it has none.
 */
public final class DirectoryIdentity {
  private DirectoryIdentity() {}

  /**
   * @throws JobException if the directory does not exist, was left half-written by a killed job, or
   *     cannot be read
   */
  public static String of(String directory) {
    Configuration configuration = HadoopPaths.configuration();
    Path path = new Path(directory);
    try {
      FileSystem files = HadoopPaths.fileSystem(path, configuration);
      HadoopPaths.checkDirectory(files, directory);
      Path manifest = new Path(path, Manifest.NAME);
      if (files.exists(manifest)) {
        return hash(files, manifest);
      }
      if (files.exists(new Path(path, Publication.MARKER))) {
        throw JobException.badInput(
            "Directory %s was never completed; run the job that writes it again", directory);
      }
      return hashOfListing(files, path);
    } catch (IOException e) {
      throw new JobException(
          ExitCode.STORAGE_FAILED,
          String.format("Directory %s cannot be read: %s", directory, e.getMessage()),
          e);
    }
  }

  private static String hash(FileSystem files, Path manifest) throws IOException {
    try (InputStream input = files.open(manifest)) {
      return Hashes.of(input);
    }
  }

  private static String hashOfListing(FileSystem files, Path path) throws IOException {
    MessageDigest digest = Hashes.sha256();
    Path root = files.makeQualified(path);
    for (FileStatus file : HadoopPaths.files(files, root)) {
      String line =
          String.format(
              "%s %d %d%n",
              HadoopPaths.relative(root, file.getPath()),
              file.getLen(),
              file.getModificationTime());
      digest.update(line.getBytes(StandardCharsets.UTF_8));
    }
    return Hashes.hex(digest.digest());
  }
}
