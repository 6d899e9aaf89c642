package org.rlhf4j.jobs.dataset;

import static org.rlhf4j.jobs.JobException.badInput;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.Optional;
import org.apache.spark.TaskContext;
import org.apache.spark.util.TaskCompletionListener;

/** Rows of a reader inside a Spark task, which closes the reader when it ends. */
final class RowIterator implements Iterator<RawRow> {
  private final RowReader reader;
  private final String file;
  private Optional<RawRow> next;

  RowIterator(RowReader reader, String file) {
    this.reader = reader;
    this.file = file;
    TaskContext.get().addTaskCompletionListener((TaskCompletionListener) task -> close());
    this.next = read();
  }

  @Override
  public boolean hasNext() {
    return next.isPresent();
  }

  @Override
  public RawRow next() {
    RawRow row = next.orElseThrow(NoSuchElementException::new);
    next = read();
    return row;
  }

  static RuntimeException unreadable(String file, IOException cause) {
    return badInput("Cannot read %s: %s; check that the file is whole.", file, cause.getMessage());
  }

  private Optional<RawRow> read() {
    try {
      return reader.next();
    } catch (IOException e) {
      throw unreadable(file, e);
    }
  }

  private void close() {
    try {
      reader.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
