package org.rlhf4j.jobs.pipeline;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;
import org.apache.hadoop.fs.FileChecksum;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.rlhf4j.jobs.ExitCode;
import org.rlhf4j.jobs.JobException;
import org.rlhf4j.jobs.checkpoint.HadoopPaths;
import org.rlhf4j.jobs.checkpoint.Hashes;
import org.rlhf4j.jobs.dataset.InputFile;
import org.rlhf4j.jobs.dataset.InputFiles;

/**
 * Tells whether raw files are those a run began with: a hash of each file's name, length and whole
 * content.
 *
 * <p>Where the file system keeps a checksum of the content, as HDFS does, that is asked for and
 * nothing is read. Elsewhere every byte is, files side by side: a change in the middle that keeps
 * length and time must not go unnoticed, and {@code prepare} reads the files several times over
 * anyway.
 */
final class InputFingerprint {
  private InputFingerprint() {}

  /**
   * @param inputs paths, globs or folders
   * @throws JobException if one of them matches nothing, or all files are empty
   */
  static String of(List<String> inputs) {
    if (inputs.isEmpty()) {
      return "";
    }
    List<InputFile> files = new InputFiles(HadoopPaths.configuration()).select(inputs).files();
    // In the order of the files, whichever is done first.
    String lines = String.join("\n", files.parallelStream().map(InputFingerprint::line).toList());
    return Hashes.of(lines.getBytes(StandardCharsets.UTF_8));
  }

  private static String line(InputFile file) {
    Path path = new Path(file.path());
    try {
      FileSystem files = path.getFileSystem(HadoopPaths.configuration());
      return String.format("%s %d %s", path.getName(), file.bytes(), content(files, path));
    } catch (IOException e) {
      throw new JobException(
          ExitCode.STORAGE_FAILED,
          String.format(
              "Input %s cannot be read: %s; check the file and its permissions",
              path, e.getMessage()),
          e);
    }
  }

  private static String content(FileSystem files, Path path) throws IOException {
    FileChecksum kept = files.getFileChecksum(path);
    if (kept != null) {
      return kept.getAlgorithmName() + " " + HexFormat.of().formatHex(kept.getBytes());
    }
    try (InputStream in = files.open(path)) {
      return Hashes.of(in);
    }
  }
}
