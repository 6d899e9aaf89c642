package org.rlhf4j.jobs.dataset;

import org.apache.spark.sql.Encoder;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.StructType;

/**
 * Rows of Spark from and to the records of the dataset schemas; columns are the components in snake
 * case. Serializable. Stub.
 */
public final class RecordCodec<R extends Record> implements java.io.Serializable {
  private static final long serialVersionUID = 1L;

  private RecordCodec() {}

  public static <R extends Record> RecordCodec<R> of(Class<R> record) {
    throw new UnsupportedOperationException();
  }

  public StructType schema() {
    throw new UnsupportedOperationException();
  }

  public Encoder<Row> encoder() {
    throw new UnsupportedOperationException();
  }

  public Row toRow(R record) {
    throw new UnsupportedOperationException();
  }

  /** Columns are found by name; absent or null optional columns become empty. */
  public R fromRow(Row row) {
    throw new UnsupportedOperationException();
  }
}
