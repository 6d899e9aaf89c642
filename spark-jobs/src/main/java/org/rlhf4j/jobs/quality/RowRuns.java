package org.rlhf4j.jobs.quality;

import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.apache.spark.sql.Row;

/** Rows in the order of a key, which are read run by run: all of one key, then all of the next. */
final class RowRuns {
  private final Iterator<Row> rows;
  private Optional<Row> ahead;

  RowRuns(Iterator<Row> rows) {
    this.rows = rows;
    this.ahead = read();
  }

  boolean hasNext() {
    return ahead.isPresent();
  }

  /** The first row of the next run, which stays there. */
  Row first() {
    return ahead.orElseThrow(NoSuchElementException::new);
  }

  /**
   * Reads one run.
   *
   * @param isOfRun whether a row has the key of the first one
   */
  void read(Predicate<Row> isOfRun, Consumer<Row> reader) {
    while (ahead.isPresent() && isOfRun.test(ahead.get())) {
      reader.accept(ahead.get());
      ahead = read();
    }
  }

  private Optional<Row> read() {
    return rows.hasNext() ? Optional.of(rows.next()) : Optional.empty();
  }
}
