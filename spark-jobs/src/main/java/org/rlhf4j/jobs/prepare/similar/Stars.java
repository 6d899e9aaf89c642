package org.rlhf4j.jobs.prepare.similar;

import java.util.Iterator;
import java.util.NoSuchElementException;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;

/**
 * One star operation over links (node, neighbour) in this order: the first neighbour of a node is
 * its least, so that a pass needs no memory.
 */
final class Stars implements Iterator<Row> {
  enum Kind {
    /** Links the neighbours above a node to the least of its neighbours and itself. */
    LARGE,
    /** Links a node and all its neighbours, which are below it, to the least of them. */
    SMALL
  }

  private final Iterator<Row> links;
  private final Kind kind;
  private boolean isStarted;
  private long node;
  private long least;
  private Row found;

  Stars(Iterator<Row> links, Kind kind) {
    this.links = links;
    this.kind = kind;
  }

  @Override
  public boolean hasNext() {
    while (found == null && links.hasNext()) {
      Row link = links.next();
      add(link.getLong(0), link.getLong(1));
    }

    return found != null;
  }

  @Override
  public Row next() {
    if (!hasNext()) {
      throw new NoSuchElementException("No more links");
    }

    Row result = found;
    found = null;
    return result;
  }

  private void add(long current, long neighbour) {
    boolean isFirst = !isStarted || current != node;
    if (isFirst) {
      isStarted = true;
      node = current;
      least = kind == Kind.LARGE ? Math.min(current, neighbour) : neighbour;
    }

    if (kind == Kind.LARGE) {
      found = neighbour > node ? RowFactory.create(neighbour, least) : null;
    } else {
      found = RowFactory.create(isFirst ? node : neighbour, least);
    }
  }
}
