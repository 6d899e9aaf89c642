package org.rlhf4j.jobs.prepare;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.File;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Optional;
import org.apache.spark.SparkEnv;
import org.apache.spark.TaskContext;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.util.TaskCompletionListener;

/** Rows of {@link Candidate} to be read again: some in memory, more in a file of the task. */
final class HeldRows {
  static final long MOST_BYTES = 8L << 20;
  private static final int ROW_OVERHEAD = 1_000;

  private final List<Row> inMemory = new ArrayList<>();
  private Optional<File> file = Optional.empty();
  private DataOutputStream out;
  private long bytes;
  private long inFile;

  /** Adds a row; not while rows are being drained. */
  void add(Row row) {
    bytes += ROW_OVERHEAD + row.<byte[]>getAs(Candidate.RAW).length;
    if (bytes <= MOST_BYTES) {
      inMemory.add(row);
      return;
    }

    try {
      write(row);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The rows in the order in which they came; afterwards none are held. */
  Iterator<Row> drain() {
    List<Row> first = List.copyOf(inMemory);
    inMemory.clear();
    bytes = 0;
    if (inFile == 0) {
      return first.iterator();
    }

    try {
      out.close();
      return new Drained(first.iterator(), inFile);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } finally {
      inFile = 0;
    }
  }

  private void write(Row row) throws IOException {
    if (inFile == 0) {
      out = new DataOutputStream(new BufferedOutputStream(new FileOutputStream(openFile())));
    }

    for (int i = 0; i < row.size(); i++) {
      RowValues.write(row.get(i), out);
    }

    inFile++;
  }

  private File openFile() {
    if (file.isEmpty()) {
      file =
          Optional.of(SparkEnv.get().blockManager().diskBlockManager().createTempLocalBlock()._2());
      TaskContext.get().addTaskCompletionListener((TaskCompletionListener) task -> delete());
    }

    return file.get();
  }

  private void delete() {
    file.ifPresent(File::delete);
  }

  private final class Drained implements Iterator<Row> {
    private final Iterator<Row> first;
    private final DataInputStream in;
    private long left;

    Drained(Iterator<Row> first, long left) throws IOException {
      this.first = first;
      this.left = left;
      this.in =
          new DataInputStream(new BufferedInputStream(new FileInputStream(file.orElseThrow())));
    }

    @Override
    public boolean hasNext() {
      return first.hasNext() || left > 0;
    }

    @Override
    public Row next() {
      if (!hasNext()) {
        throw new NoSuchElementException("No more rows");
      }

      return first.hasNext() ? first.next() : read();
    }

    private Row read() {
      try {
        Object[] values = new Object[Candidate.SCHEMA.size()];
        for (int i = 0; i < values.length; i++) {
          values[i] = RowValues.read(in);
        }

        Row row = RowFactory.create(values);
        left--;
        if (left == 0) {
          in.close();
        }

        return row;
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }
}
