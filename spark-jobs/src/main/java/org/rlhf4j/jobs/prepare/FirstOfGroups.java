package org.rlhf4j.jobs.prepare;

import java.util.Iterator;
import java.util.NoSuchElementException;
import org.apache.spark.sql.Row;

/** The first row of each group, from rows in the order of their groups. */
final class FirstOfGroups implements Iterator<Row> {
  private final Iterator<Row> rows;
  private String group = "";
  private Row found;

  FirstOfGroups(Iterator<Row> rows) {
    this.rows = rows;
  }

  @Override
  public boolean hasNext() {
    while (found == null && rows.hasNext()) {
      Row row = rows.next();
      if (!row.getString(0).equals(group)) {
        group = row.getString(0);
        found = row;
      }
    }

    return found != null;
  }

  @Override
  public Row next() {
    if (!hasNext()) {
      throw new NoSuchElementException("No more groups");
    }

    Row result = found;
    found = null;
    return result;
  }
}
