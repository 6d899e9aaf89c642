package org.rlhf4j.jobs.quality;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.Optional;
import org.apache.spark.sql.Row;

/**
 * Items from the rows of {@link VoteRows#SCHEMA}, which are in the order of item, annotator, label
 * and the rest of the vote. Holds one item at a time.
 */
final class CastItems implements Iterator<CastItem> {
  private static final int ITEM = VoteRows.SCHEMA.fieldIndex("item");

  private final Iterator<Row> rows;
  private final Deque<CastItem> ready = new ArrayDeque<>();
  private Optional<Row> ahead = Optional.empty();

  CastItems(Iterator<Row> rows) {
    this.rows = rows;
    advance();
  }

  @Override
  public boolean hasNext() {
    return !ready.isEmpty() || ahead.isPresent();
  }

  @Override
  public CastItem next() {
    if (ready.isEmpty()) {
      String name = ahead.orElseThrow(NoSuchElementException::new).getString(ITEM);
      ItemRows item = new ItemRows(name);
      while (ahead.isPresent() && ahead.get().getString(ITEM).equals(name)) {
        item.add(ahead.get());
        advance();
      }

      ready.addAll(item.items());
    }

    return ready.remove();
  }

  private void advance() {
    ahead = rows.hasNext() ? Optional.of(rows.next()) : Optional.empty();
  }
}
