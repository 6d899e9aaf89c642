package org.rlhf4j.jobs.pipeline;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.rlhf4j.jobs.ExitCode;
import org.rlhf4j.jobs.JobException;
import org.rlhf4j.jobs.checkpoint.HadoopPaths;

/**
 * Tells whether raw files are those a run began with: a hash of each file's name, length, beginning
 * and end. Whole files are not read, as they may be far larger than memory and bandwidth allow.
 */
final class InputFingerprint {
  private static final int SAMPLE_BYTES = 1 << 20;

  private InputFingerprint() {}

  /**
   * @param inputs paths or globs, directories one level deep
   * @throws JobException if one of them matches nothing
   */
  static String of(List<String> inputs) {
    MessageDigest digest = sha256();
    for (String input : inputs) {
      Path path = new Path(input);
      try {
        addAll(path.getFileSystem(HadoopPaths.configuration()), path, digest);
      } catch (IOException e) {
        throw new JobException(
            ExitCode.STORAGE_FAILED,
            String.format("Input %s cannot be read: %s", input, e.getMessage()),
            e);
      }
    }
    return HexFormat.of().formatHex(digest.digest());
  }

  private static void addAll(FileSystem files, Path pattern, MessageDigest digest)
      throws IOException {
    FileStatus[] matches = files.globStatus(pattern);
    if (matches == null || matches.length == 0) {
      throw JobException.badInput("Input %s does not exist; check the path", pattern);
    }
    for (FileStatus match : sorted(matches)) {
      if (match.isFile()) {
        add(files, match, digest);
        continue;
      }
      for (FileStatus file : sorted(files.listStatus(match.getPath()))) {
        if (file.isFile()) {
          add(files, file, digest);
        }
      }
    }
  }

  private static FileStatus[] sorted(FileStatus[] statuses) {
    FileStatus[] sorted = statuses.clone();
    Arrays.sort(sorted, Comparator.comparing(FileStatus::getPath));
    return sorted;
  }

  private static void add(FileSystem files, FileStatus file, MessageDigest digest)
      throws IOException {
    String head = file.getPath().getName() + " " + file.getLen() + "\n";
    digest.update(head.getBytes(StandardCharsets.UTF_8));
    int sample = (int) Math.min(SAMPLE_BYTES, file.getLen());
    byte[] bytes = new byte[sample];
    try (FSDataInputStream in = files.open(file.getPath())) {
      in.readFully(0, bytes);
      digest.update(bytes);
      in.readFully(file.getLen() - sample, bytes);
      digest.update(bytes);
    }
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
