package org.rlhf4j.jobs.prepare;

import java.util.Collections;
import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.Optional;
import org.apache.spark.sql.Row;
import org.rlhf4j.data.raw.VerdictGraph;
import org.rlhf4j.data.raw.VerdictList;

/**
 * Walks over sorted candidates group by group and decides about each row. Of a group its verdicts
 * are in memory, as numbers; the rows themselves wait in a file where they are many, so that all
 * rows may have one prompt.
 */
final class DecidedRows implements Iterator<Row> {
  private final Iterator<Row> rows;
  private final HeldRows held = new HeldRows();
  private final VerdictList verdicts = new VerdictList();
  private Iterator<Row> group = Collections.emptyIterator();
  private GroupResolver resolver = new GroupResolver(VerdictGraph.of(verdicts));
  private Optional<Row> ahead = Optional.empty();

  DecidedRows(Iterator<Row> rows) {
    this.rows = rows;
  }

  @Override
  public boolean hasNext() {
    if (!group.hasNext() && (ahead.isPresent() || rows.hasNext())) {
      readGroup();
    }

    return group.hasNext();
  }

  @Override
  public Row next() {
    if (!hasNext()) {
      throw new NoSuchElementException("No more candidates");
    }

    return resolver.decide(group.next());
  }

  private void readGroup() {
    verdicts.clear();
    Row first = ahead.orElseGet(rows::next);
    hold(first);
    ahead = Optional.empty();
    while (ahead.isEmpty() && rows.hasNext()) {
      Row row = rows.next();
      if (row.getString(Candidate.GROUP).equals(first.getString(Candidate.GROUP))) {
        hold(row);
      } else {
        ahead = Optional.of(row);
      }
    }

    resolver = new GroupResolver(VerdictGraph.of(verdicts));
    group = held.drain();
  }

  private void hold(Row row) {
    held.add(row);
    Candidate.verdicts(row).forEach(verdicts::add);
  }
}
