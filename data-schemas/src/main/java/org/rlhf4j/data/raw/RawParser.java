package org.rlhf4j.data.raw;

import java.util.Optional;

/** Reads raw rows, bytes in and a checked record or a rejection out. Thread-safe. */
public final class RawParser {
  private final Optional<RawFormat> format;

  private RawParser(Optional<RawFormat> format) {
    this.format = format;
  }

  /** Reads every row as one of this format. */
  public static RawParser of(RawFormat format) {
    return new RawParser(Optional.of(format));
  }

  /** Finds the format of each row by its content, so that inputs may be mixed. */
  public static RawParser detecting() {
    return new RawParser(Optional.empty());
  }

  /** What a row says, or why it cannot be used. */
  public RawResult parse(byte[] row) {
    try {
      JsonRow json = JsonRow.parse(row);
      RawFormat rowFormat = formatOf(json);
      return new RawResult.Accepted(rowFormat, rowFormat.parse(json));
    } catch (RejectedRowException e) {
      return new RawResult.Rejected(e.reason(), String.valueOf(e.getMessage()));
    }
  }

  private RawFormat formatOf(JsonRow json) throws RejectedRowException {
    Optional<RawFormat> rowFormat = format.or(() -> RawFormat.detect(json));
    return rowFormat.orElseThrow(
        () ->
            new RejectedRowException(Reason.UNKNOWN_FORMAT, "the row's fields fit no raw format"));
  }
}
