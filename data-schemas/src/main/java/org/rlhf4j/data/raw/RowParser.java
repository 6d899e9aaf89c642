package org.rlhf4j.data.raw;

import java.util.Optional;
import org.rlhf4j.data.raw.RawRecord.Origin;

/** Reads the rows of one raw format. */
interface RowParser {
  RawRecord parse(JsonRow row) throws RejectedRowException;

  /** The optional fields any row may have; the source defaults to the format's name. */
  static Origin origin(JsonRow row, RawFormat format) throws RejectedRowException {
    Optional<String> annotator = row.optionalName("annotator");
    return origin(row, format, annotator);
  }

  static Origin origin(JsonRow row, RawFormat format, Optional<String> annotator)
      throws RejectedRowException {
    double weight = row.optionalNumber("weight").orElse(1.0);
    if (weight < 0) {
      throw new RejectedRowException(Reason.WRONG_TYPE, "field weight is negative");
    }

    return new Origin(row.optionalText("source").orElse(format.formatName()), annotator, weight);
  }
}
