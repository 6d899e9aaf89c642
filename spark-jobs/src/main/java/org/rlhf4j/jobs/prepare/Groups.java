package org.rlhf4j.jobs.prepare;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.function.Function;
import org.apache.spark.sql.Row;

/**
 * Walks over rows sorted by tree: messages are resolved tree by tree, of which one is in memory at
 * a time; other rows pass as they are.
 */
final class Groups implements Iterator<Row> {
  private final Iterator<Row> rows;
  private final Function<List<Candidate>, List<Candidate>> resolver;
  private final List<Candidate> tree = new ArrayList<>();
  private Iterator<Row> ready = Collections.emptyIterator();

  Groups(Iterator<Row> rows, Function<List<Candidate>, List<Candidate>> resolver) {
    this.rows = rows;
    this.resolver = resolver;
  }

  @Override
  public boolean hasNext() {
    while (!ready.hasNext() && rows.hasNext()) {
      add(rows.next());
    }

    if (!ready.hasNext() && !tree.isEmpty()) {
      ready = resolved();
    }

    return ready.hasNext();
  }

  @Override
  public Row next() {
    if (!hasNext()) {
      throw new NoSuchElementException("No more candidates");
    }

    return ready.next();
  }

  private void add(Row row) {
    if (!row.getString(Candidate.DATASET).equals(Candidate.TREE_MESSAGE)) {
      ready = List.of(row).iterator();
      return;
    }

    Candidate message = Candidate.fromRow(row);
    if (!tree.isEmpty() && !tree.get(0).group().equals(message.group())) {
      ready = resolved();
    }

    tree.add(message);
  }

  private Iterator<Row> resolved() {
    List<Candidate> resolved = resolver.apply(List.copyOf(tree));
    tree.clear();
    return resolved.stream().map(Candidate::toRow).iterator();
  }
}
