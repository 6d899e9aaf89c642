package org.rlhf4j.jobs.checkpoint;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.List;

/**
 * Content of a checkpoint's {@code manifest.json}.
 *
 * @param files every other file of the directory, ordered by path
 */
record Manifest(List<Entry> files) {
  static final String NAME = "manifest.json";

  static final ObjectMapper JSON =
      new ObjectMapper().disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES);

  /**
   * One file.
   *
   * @param path relative to the directory
   * @param length bytes
   */
  record Entry(String path, String sha256, long length) {}

  /** Whether every entry is complete and stays inside the directory. */
  boolean isWellFormed() {
    return files.stream()
        .allMatch(
            entry ->
                entry != null
                    && entry.path() != null
                    && entry.sha256() != null
                    && !entry.path().startsWith("/")
                    && !List.of(entry.path().split("/")).contains(".."));
  }
}
