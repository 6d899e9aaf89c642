package org.rlhf4j.jobs.checkpoint;

import com.fasterxml.jackson.core.JsonProcessingException;
import java.io.IOException;
import java.io.InputStream;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.rlhf4j.jobs.ExitCode;
import org.rlhf4j.jobs.JobException;

/** Compares the files of a published directory with its manifest. */
final class Verification {
  private final FileSystem files;
  private final Path directory;

  Verification(FileSystem files, Path directory) {
    this.files = files;
    this.directory = directory;
  }

  void run() throws IOException {
    for (Manifest.Entry entry : manifest().files()) {
      Path file = new Path(directory, entry.path());
      if (!files.exists(file)) {
        throw broken(file, "is missing");
      }
      long length = files.getFileStatus(file).getLen();
      if (length != entry.length()) {
        throw broken(file, String.format("has %d bytes instead of %d", length, entry.length()));
      }
      if (!hash(files, file).equals(entry.sha256())) {
        throw broken(file, "was altered: its hash differs from the manifest's");
      }
    }
  }

  private Manifest manifest() throws IOException {
    Path path = new Path(directory, Manifest.NAME);
    if (!files.exists(path)) {
      throw broken(path, "is missing, so the directory was never completed");
    }
    try (InputStream input = files.open(path)) {
      Manifest manifest = Manifest.JSON.readValue(input, Manifest.class);
      if (manifest == null || manifest.files() == null || !manifest.isWellFormed()) {
        throw broken(path, "is not a manifest");
      }
      return manifest;
    } catch (JsonProcessingException e) {
      throw new JobException(
          ExitCode.STORAGE_FAILED,
          String.format("File %s is not valid JSON: %s", path, e.getOriginalMessage()),
          e);
    }
  }

  static String hash(FileSystem files, Path path) throws IOException {
    try (InputStream input = files.open(path)) {
      return Hashes.of(input);
    }
  }

  private static JobException broken(Path file, String problem) {
    return new JobException(
        ExitCode.STORAGE_FAILED,
        String.format("File %s %s; restore it or go back to an earlier one", file, problem));
  }
}
