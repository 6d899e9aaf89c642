package org.rlhf4j.jobs.prepare.similar;

import java.util.Arrays;
import java.util.List;

/** Sets of ids as arrays. */
final class LongArrays {
  private LongArrays() {}

  /** All values, each once, ascending. */
  static long[] sortedSet(List<long[]> parts) {
    long[] all = new long[parts.stream().mapToInt(part -> part.length).sum()];
    int end = 0;
    for (long[] part : parts) {
      System.arraycopy(part, 0, all, end, part.length);
      end += part.length;
    }

    Arrays.sort(all);
    int size = 0;
    for (int i = 0; i < all.length; i++) {
      if (i == 0 || all[i] != all[i - 1]) {
        all[size] = all[i];
        size++;
      }
    }

    return Arrays.copyOf(all, size);
  }
}
