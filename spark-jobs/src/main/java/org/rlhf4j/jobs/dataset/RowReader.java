package org.rlhf4j.jobs.dataset;

import java.io.Closeable;
import java.io.IOException;
import java.util.Optional;

/** Reads the raw rows of one file, or of a part of it, one after the other. */
interface RowReader extends Closeable {
  /** The next row, empty at the end; blank lines are passed over. */
  Optional<RawRow> next() throws IOException;
}
