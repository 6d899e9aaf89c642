package org.rlhf4j.jobs.dataset;

import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Tells by its name whether a file in a folder is about the data rather than data. What is not
 * known to be is read, as a row that is none goes to the quarantine, but one that is not read is
 * lost.
 */
final class FolderRule {
  /** The rule in words. */
  static final String SENTENCE =
      "of a folder, pages, pictures and programs (such as .md, .html, .png, .py) and files called"
          + " README, LICENSE, NOTICE or the like are not read";

  private static final Pattern DOT = Pattern.compile("\\.");
  private static final Set<String> EXTENSIONS =
      Set.of(
          "md", "rst", "html", "htm", "pdf", "png", "jpg", "jpeg", "gif", "svg", "css", "js", "py",
          "ipynb", "sh");
  private static final Set<String> ABOUT_DATA =
      Set.of("readme", "license", "licence", "notice", "copying", "authors", "changelog");
  private static final List<String> HIDDEN = List.of(".", "_");

  private FolderRule() {}

  /** What Hadoop and shells hide: nobody expects rows there. */
  static boolean isHidden(String name) {
    return HIDDEN.stream().anyMatch(name::startsWith);
  }

  static boolean isRead(String name) {
    String[] parts = DOT.split(name.toLowerCase(Locale.ROOT));
    return !ABOUT_DATA.contains(parts[0]) && !EXTENSIONS.contains(parts[parts.length - 1]);
  }
}
