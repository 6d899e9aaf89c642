package org.rlhf4j.jobs.quality;

import java.io.Serializable;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Names in order, numbered from 0. */
final class Names implements Serializable {
  private static final long serialVersionUID = 1L;

  private final String[] sorted;

  /** Made where it is first asked for: it is larger than the names. */
  private transient Map<String, Integer> numbers;

  Names(Collection<String> names) {
    this.sorted = names.toArray(String[]::new);
    Arrays.sort(sorted);
  }

  int size() {
    return sorted.length;
  }

  String name(int number) {
    return sorted[number];
  }

  List<String> asList() {
    return Arrays.asList(sorted);
  }

  /**
   * @param unknown what to return for other names
   */
  int number(String name, int unknown) {
    return numbers().getOrDefault(name, unknown);
  }

  private synchronized Map<String, Integer> numbers() {
    if (numbers == null) {
      numbers = new HashMap<>(2 * sorted.length);
      for (int i = 0; i < sorted.length; i++) {
        numbers.put(sorted[i], i);
      }
    }

    return numbers;
  }
}
