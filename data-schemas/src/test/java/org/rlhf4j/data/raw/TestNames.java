package org.rlhf4j.data.raw;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.rlhf4j.data.raw.RawRecord.Vote;
import org.rlhf4j.data.raw.RawResult.Accepted;
import org.rlhf4j.data.raw.RawResult.Rejected;

/** Names of annotators and items, and labels, as tables write them. */
class TestNames {
  @Test
  void wholeNumbersAreNamesHoweverTheyAreWritten() {
    assertThat(vote("3", "7", "1")).isEqualTo(vote("3.0", "7.0", "1"));
    assertThat(vote("3.0", "7.0", "1").annotator()).isEqualTo("7");
    assertThat(vote("123456789012345678901234567890", "1", "1").item())
        .isEqualTo("123456789012345678901234567890");
    assertThat(result("1", "2.5", "1")).isInstanceOf(Rejected.class);
    assertThat(result("1", "1e300", "1")).isInstanceOf(Rejected.class);
  }

  @ParameterizedTest
  @ValueSource(strings = {"\"\"", "\" \\t\"", "null"})
  void whiteSpaceIsNoNameAndNoLabel(String none) {
    assertThat(reason(none, "\"w\"", "1")).isEqualTo(Reason.MISSING_FIELD);
    assertThat(reason("\"x\"", none, "1")).isEqualTo(Reason.MISSING_FIELD);
    assertThat(vote("\"x\"", "\"w\"", none).label()).isEmpty();
  }

  private static Reason reason(String item, String annotator, String label) {
    return ((Rejected) result(item, annotator, label)).reason();
  }

  private static Vote vote(String item, String annotator, String label) {
    return (Vote) ((Accepted) result(item, annotator, label)).record();
  }

  private static RawResult result(String item, String annotator, String label) {
    String row =
        "{\"item\": %s, \"annotator\": %s, \"label\": %s}".formatted(item, annotator, label);
    return RawParser.detecting().parse(row.getBytes(UTF_8));
  }
}
