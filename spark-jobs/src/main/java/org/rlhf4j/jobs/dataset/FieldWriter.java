package org.rlhf4j.jobs.dataset;

import org.apache.spark.sql.catalyst.InternalRow;

/** Writes one field of the rows of a row group. */
interface FieldWriter {
  void write(InternalRow row);

  /** Bytes it keeps in memory. */
  long bufferedBytes();

  /** Ends the row group: what is kept becomes a page. */
  void flush();
}
