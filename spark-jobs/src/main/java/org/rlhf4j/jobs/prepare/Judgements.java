package org.rlhf4j.jobs.prepare;

import java.util.HashMap;
import java.util.Iterator;
import java.util.Map;
import java.util.NoSuchElementException;
import org.apache.spark.sql.Row;

/**
 * Rows of {@link LikeRow} with the names of like responses, from rows in the order of their
 * clusters with the responses first. Only like responses of one cluster are in memory at a time.
 */
final class Judgements implements Iterator<Row> {
  private final Iterator<Row> rows;
  private final Map<Long, Long> likeResponses = new HashMap<>();
  private long cluster;
  private Row found;

  Judgements(Iterator<Row> rows) {
    this.rows = rows;
  }

  @Override
  public boolean hasNext() {
    while (found == null && rows.hasNext()) {
      Row row = rows.next();
      if (row.getLong(0) != cluster) {
        cluster = row.getLong(0);
        likeResponses.clear();
      }

      if (row.getBoolean(1)) {
        found = LikeRow.withJudgement(row, likeResponses);
      } else {
        likeResponses.put(row.getLong(2), row.getLong(3));
      }
    }

    return found != null;
  }

  @Override
  public Row next() {
    if (!hasNext()) {
      throw new NoSuchElementException("No more rows");
    }

    Row result = found;
    found = null;
    return result;
  }
}
