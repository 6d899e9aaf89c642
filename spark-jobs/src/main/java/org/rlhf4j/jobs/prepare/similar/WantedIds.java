package org.rlhf4j.jobs.prepare.similar;

import java.io.Serializable;
import java.util.Arrays;
import java.util.List;

/** Ids of the texts that have a candidate, or all where these are too many to be sent around. */
public final class WantedIds implements Serializable {
  private static final long serialVersionUID = 1L;

  static final WantedIds ALL = new WantedIds(new long[0], true);

  private final long[] ids;
  private final boolean isAll;

  private WantedIds(long[] ids, boolean isAll) {
    this.ids = ids;
    this.isAll = isAll;
  }

  static WantedIds of(List<long[]> ids) {
    return new WantedIds(LongArrays.sortedSet(ids), false);
  }

  public boolean contains(long id) {
    return isAll || Arrays.binarySearch(ids, id) >= 0;
  }
}
