package org.rlhf4j.jobs.train;

import java.io.Serializable;
import java.util.Iterator;

/**
 * What became of a trainer's input rows; {@code read = train + validation + test + overLength}.
 *
 * @param read rows of the input
 * @param train trained on
 * @param validation held out for validation
 * @param test held out for the test
 * @param overLength left out by {@code data.over-length}
 * @param truncated kept but shortened by {@code data.over-length}
 */
public record RowCounts(
    long read, long train, long validation, long test, long overLength, long truncated)
    implements Serializable {
  static final RowCounts NONE = new RowCounts(0, 0, 0, 0, 0, 0);

  static RowCounts of(Iterator<EncodedRow> rows) {
    RowCounts counts = NONE;
    while (rows.hasNext()) {
      counts = counts.plus(one(rows.next()));
    }
    return counts;
  }

  private static RowCounts one(EncodedRow row) {
    long truncated = row.fate() == EncodedRow.Fate.TRUNCATED ? 1 : 0;
    if (row.fate() == EncodedRow.Fate.LEFT_OUT) {
      return new RowCounts(1, 0, 0, 0, 1, 0);
    }
    return switch (row.split()) {
      case TRAIN -> new RowCounts(1, 1, 0, 0, 0, truncated);
      case VALIDATION -> new RowCounts(1, 0, 1, 0, 0, truncated);
      case TEST -> new RowCounts(1, 0, 0, 1, 0, truncated);
    };
  }

  RowCounts plus(RowCounts other) {
    return new RowCounts(
        read + other.read,
        train + other.train,
        validation + other.validation,
        test + other.test,
        overLength + other.overLength,
        truncated + other.truncated);
  }
}
