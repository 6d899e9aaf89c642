package org.rlhf4j.jobs.dataset;

import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a user's paths stand for.
 *
 * @param files to be read, in the order of their paths
 * @param leftOut paths of files in folders whose names say that they hold no rows
 */
public record InputSelection(List<InputFile> files, List<String> leftOut) {
  private static final Logger LOG = LoggerFactory.getLogger(InputSelection.class);
  private static final int NAMED = 5;

  /** Of this process, which is one command and may read an input more than once. */
  private static final Set<List<String>> TOLD = ConcurrentHashMap.newKeySet();

  /** Names what is left out, so that no row is missed unnoticed; the same files once. */
  public InputSelection warnOfLeftOut() {
    if (!leftOut.isEmpty() && TOLD.add(leftOut)) {
      LOG.warn(
          "Left out {}: {}; name a file itself to have it read",
          names(leftOut),
          FolderRule.SENTENCE);
    }

    return this;
  }

  /** The first few of some paths. */
  static String names(List<String> paths) {
    String first = paths.stream().limit(NAMED).collect(Collectors.joining(", "));
    int more = paths.size() - NAMED;
    return more > 0 ? first + " and " + more + " more" : first;
  }
}
