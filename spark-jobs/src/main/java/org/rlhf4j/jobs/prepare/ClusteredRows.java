package org.rlhf4j.jobs.prepare;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.NoSuchElementException;
import org.apache.spark.sql.Row;
import org.rlhf4j.config.PrepareConfig.NearDuplicates;
import org.rlhf4j.jobs.prepare.similar.Clusters;

/**
 * Of rows in the order of their groups, those that another kept row may be like: whose prompt
 * belongs to a cluster, and where responses are compared, also those that share their prompt.
 */
final class ClusteredRows implements Iterator<Row> {
  private final Iterator<Row> rows;
  private final Clusters clusters;
  private final NearDuplicates compared;
  private final Deque<Row> found = new ArrayDeque<>();
  private String group = "";
  private Row alone;

  /**
   * @param clusters of prompts, by the short form of their ids
   */
  ClusteredRows(Iterator<Row> rows, Clusters clusters, NearDuplicates compared) {
    this.rows = rows;
    this.clusters = clusters;
    this.compared = compared;
  }

  @Override
  public boolean hasNext() {
    while (found.isEmpty() && rows.hasNext()) {
      add(rows.next());
    }

    return !found.isEmpty();
  }

  @Override
  public Row next() {
    if (!hasNext()) {
      throw new NoSuchElementException("No more rows");
    }

    return found.remove();
  }

  private void add(Row row) {
    boolean isNewGroup = !row.getString(0).equals(group);
    group = row.getString(0);
    if (clusters.contains(PromptTexts.shortId(group))) {
      found.add(row);
    } else if (isNewGroup) {
      alone = row;
    } else if (compared == NearDuplicates.ALL) {
      if (alone != null) {
        found.add(alone);
      }

      found.add(row);
      alone = null;
    }
  }
}
