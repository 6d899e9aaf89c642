package org.rlhf4j.jobs.prepare;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.function.Function;
import org.apache.spark.sql.Row;

/** Walks over the messages of trees, sorted by tree; one tree is in memory at a time. */
final class Groups implements Iterator<Row> {
  private final Iterator<Row> rows;
  private final Function<List<Candidate>, List<Candidate>> resolver;
  private Iterator<Candidate> resolved = Collections.emptyIterator();
  private List<Candidate> lookahead = new ArrayList<>();

  Groups(Iterator<Row> rows, Function<List<Candidate>, List<Candidate>> resolver) {
    this.rows = rows;
    this.resolver = resolver;
  }

  @Override
  public boolean hasNext() {
    while (!resolved.hasNext() && (rows.hasNext() || !lookahead.isEmpty())) {
      resolved = resolver.apply(nextGroup()).iterator();
    }

    return resolved.hasNext();
  }

  @Override
  public Row next() {
    if (!hasNext()) {
      throw new NoSuchElementException("No more candidates");
    }
    return resolved.next().toRow();
  }

  private List<Candidate> nextGroup() {
    List<Candidate> group = lookahead;
    lookahead = new ArrayList<>();
    while (rows.hasNext()) {
      Candidate candidate = Candidate.fromRow(rows.next());
      if (!group.isEmpty() && !group.get(0).group().equals(candidate.group())) {
        lookahead.add(candidate);
        break;
      }

      group.add(candidate);
    }

    return group;
  }
}
