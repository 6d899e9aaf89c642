package org.rlhf4j.jobs.dataset;

import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Tells by its name whether a file in a folder may hold rows. A name without an extension, such as
 * Spark's part-00000, may, unless it is one of those that people put beside data.
 */
final class FolderRule {
  /** The rule in words. */
  static final String SENTENCE =
      "of a folder only files that end in .jsonl, .ndjson, .json (also .gz or .zst) or .parquet, or"
          + " that have no extension, are read";

  private static final Pattern COMPRESSION = Pattern.compile("\\.(gz|zst)$");
  private static final Pattern EXTENSION = Pattern.compile("\\.([a-z]\\w*)$");
  private static final Set<String> EXTENSIONS = Set.of("jsonl", "ndjson", "json", "parquet");
  private static final Set<String> ABOUT_DATA =
      Set.of("readme", "license", "licence", "notice", "copying", "authors", "changelog");
  private static final List<String> HIDDEN = List.of(".", "_");

  private FolderRule() {}

  /** What Hadoop and shells hide: nobody expects rows there. */
  static boolean isHidden(String name) {
    return HIDDEN.stream().anyMatch(name::startsWith);
  }

  static boolean isRead(String name) {
    String stored = COMPRESSION.matcher(name.toLowerCase(Locale.ROOT)).replaceFirst("");
    Matcher extension = EXTENSION.matcher(stored);
    return extension.find()
        ? EXTENSIONS.contains(extension.group(1))
        : !ABOUT_DATA.contains(stored);
  }
}
