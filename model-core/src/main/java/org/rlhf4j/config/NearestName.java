package org.rlhf4j.config;

import java.util.Collection;
import java.util.Comparator;

/** Finds what a user probably meant. */
public final class NearestName {
  private NearestName() {}

  /** The name with the fewest inserted, deleted or replaced characters; ties go to the first. */
  public static String of(String wrong, Collection<String> names) {
    return names.stream()
        .min(Comparator.comparingInt(name -> distance(wrong, name)))
        .orElseThrow(() -> new IllegalArgumentException("No names to choose from"));
  }

  /** Levenshtein's distance, two rows of the table at a time. */
  static int distance(String a, String b) {
    int[] previous = new int[b.length() + 1];
    for (int j = 0; j <= b.length(); j++) {
      previous[j] = j;
    }
    for (int i = 1; i <= a.length(); i++) {
      int[] current = new int[b.length() + 1];
      current[0] = i;
      for (int j = 1; j <= b.length(); j++) {
        int replaced = previous[j - 1] + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
        current[j] = Math.min(replaced, Math.min(previous[j], current[j - 1]) + 1);
      }
      previous = current;
    }
    return previous[b.length()];
  }
}
