package org.rlhf4j.data.raw;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.rlhf4j.data.raw.RawResult.Accepted;
import org.rlhf4j.data.raw.RawResult.Rejected;

/** Parses the rows of tests. */
final class ParsedRows {
  private static final RawParser AUTO = RawParser.detecting();

  private ParsedRows() {}

  /** The record of a row with single quotes for double ones, found by detection and by name. */
  @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals"}) // callers name the record
  static <T extends RawRecord> T accepted(RawFormat format, String row) {
    byte[] bytes = row.replace('\'', '"').getBytes(StandardCharsets.UTF_8);
    RawResult detected = AUTO.parse(bytes);
    assertThat(detected).isInstanceOf(Accepted.class);
    assertThat(((Accepted) detected).format()).isEqualTo(format);
    assertThat(RawParser.of(format).parse(bytes)).isEqualTo(detected);
    return (T) ((Accepted) detected).record();
  }

  static Rejected rejected(String row) {
    RawResult result = AUTO.parse(row.replace('\'', '"').getBytes(StandardCharsets.UTF_8));
    assertThat(result).isInstanceOf(Rejected.class);
    return (Rejected) result;
  }
}
