package org.rlhf4j.data.raw;

import static org.assertj.core.api.Assertions.assertThat;
import static org.rlhf4j.data.raw.ParsedRows.accepted;
import static org.rlhf4j.data.raw.ParsedRows.rejected;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.rlhf4j.data.raw.RawRecord.RatedResponse;

/** Grades, and yes or no. */
class TestRatingParser {
  @Test
  void whatIsRatedMayBeCalledResponseOrCompletion() {
    for (String field : List.of("response", "completion")) {
      String row = "{'prompt': 'p', '" + field + "': 'r', ";
      RatedResponse graded = accepted(RawFormat.RATING, row + "'rating': 3}");
      RatedResponse binary = accepted(RawFormat.BINARY, row + "'label': true}");
      assertThat(graded.response()).isEqualTo("r");
      assertThat(binary.response()).isEqualTo("r");
      assertThat(rejected(row + "'rating': null}").reason()).isEqualTo(Reason.MISSING_FIELD);
    }

    RatedResponse both =
        accepted(
            RawFormat.RATING, "{'prompt': 'p', 'response': 'r', 'completion': 'c', 'rating': 3}");
    assertThat(both.response()).isEqualTo("r");
  }

  @Test
  void ratingsAndYesOrNo() {
    RatedResponse rated =
        accepted(RawFormat.RATING, "{'prompt': 'p', 'response': 'r', 'rating': 3.5}");
    RatedResponse binary =
        accepted(RawFormat.BINARY, "{'prompt': 'p', 'completion': 'r', 'label': true}");

    assertThat(rated.rating()).isEqualTo(3.5);
    assertThat(binary.rating()).isEqualTo(1.0);
    assertThat(rated.identity().verdicts()).isEmpty(); // grades may differ
    RatedResponse reviewed =
        accepted(
            RawFormat.RATING, "{'prompt': 'p', 'response': 'r', 'rating': 2, 'critique': 'dull'}");
    assertThat(new DatasetRows(new SplitRule(0, 0, 0)).rating(reviewed).critique())
        .contains("dull");
  }

  @Test
  void minusZeroIsZero() {
    String row = "{'prompt': 'p', 'response': 'r', 'rating': ";
    RatedResponse zero = accepted(RawFormat.RATING, row + "0}");
    for (String minus : List.of("-0.0", "-0", "-1e-400")) {
      RatedResponse rated = accepted(RawFormat.RATING, row + minus + "}");
      assertThat(rated.key()).isEqualTo(zero.key());
    }

    assertThat(rejected(TestOasstParser.nested("A:a:0, B:b:-0.0")).reason()).isEqualTo(Reason.TIE);
  }

  @Test
  void yesAndNoContradictEachOther() {
    String row = "{'prompt': 'p', 'completion': 'r', 'annotator': 'anna', 'label': ";
    Verdict yes = verdict(row + "true}");
    Verdict no = verdict(row.replace("'r'", "'r '") + "false}");

    assertThat(no.better()).isEqualTo(yes.worse());
    assertThat(no.worse()).isEqualTo(yes.better());
    assertThat(verdict(row.replace("anna", "ben") + "false}").better()).isNotEqualTo(yes.worse());
    assertThat(verdict(row.replace("'r'", "'s'") + "false}").better()).isNotEqualTo(yes.worse());
  }

  private static Verdict verdict(String row) {
    RatedResponse rated = accepted(RawFormat.BINARY, row);
    return rated.identity().verdicts().get(0);
  }
}
