package org.rlhf4j.jobs.quality;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import org.apache.spark.sql.Row;

/**
 * Items from the rows of {@link VoteRows#SCHEMA}, which are in the order of item, annotator, label
 * and the rest of the vote. Holds one item at a time.
 */
final class CastItems implements Iterator<CastItem> {
  private static final int ITEM = VoteRows.SCHEMA.fieldIndex("item");

  private final RowRuns rows;
  private final Deque<CastItem> ready = new ArrayDeque<>();

  CastItems(Iterator<Row> rows) {
    this.rows = new RowRuns(rows);
  }

  @Override
  public boolean hasNext() {
    return !ready.isEmpty() || rows.hasNext();
  }

  @Override
  public CastItem next() {
    if (ready.isEmpty()) {
      String name = rows.first().getString(ITEM);
      ItemRows item = new ItemRows(name);
      rows.read(row -> row.getString(ITEM).equals(name), item::add);
      ready.addAll(item.items());
    }

    return ready.remove();
  }
}
