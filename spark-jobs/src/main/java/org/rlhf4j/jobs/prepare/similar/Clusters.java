package org.rlhf4j.jobs.prepare.similar;

import java.io.Serializable;
import java.util.Arrays;

/**
 * Which texts are like others: 16 bytes for each of these, so that every task can have them all.
 *
 * @param ids of texts that are like another one, ascending, [N]
 * @param clusters of each, named by the least id in it, [N]
 */
public record Clusters(long[] ids, long[] clusters) implements Serializable {
  /** No text is like another. */
  public static final Clusters NONE = new Clusters(new long[0], new long[0]);

  public boolean contains(long id) {
    return Arrays.binarySearch(ids, id) >= 0;
  }

  /** The cluster of a text; one that is like no other has its own name. */
  public long of(long id) {
    int position = Arrays.binarySearch(ids, id);
    return position < 0 ? id : clusters[position];
  }
}
