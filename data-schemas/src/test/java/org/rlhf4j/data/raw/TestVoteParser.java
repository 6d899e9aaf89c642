package org.rlhf4j.data.raw;

import static org.assertj.core.api.Assertions.assertThat;
import static org.rlhf4j.data.raw.ParsedRows.accepted;
import static org.rlhf4j.data.raw.ParsedRows.rejected;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.rlhf4j.data.dataset.Message;
import org.rlhf4j.data.raw.RawRecord.PlainPrompt;
import org.rlhf4j.data.raw.RawRecord.Vote;

/** Prompts and votes. */
class TestVoteParser {
  @Test
  void comparedArgumentsAndGoldAreVotes() {
    String pair = "{'topic': 't', 'pair': 'p', 'arg1': 'x', 'arg2': 'y', ";
    Vote vote =
        accepted(
            RawFormat.VOTE,
            pair + "'worker': 'w', 'value': 'a2', 'submitted': '2016-01-31 16:59:52.0 UTC'}");
    Vote tie = accepted(RawFormat.VOTE, pair + "'worker': 'w', 'value': 'equal'}");
    Vote gold = accepted(RawFormat.VOTE, pair + "'gold': 'a1', 'title': 'T'}");
    Vote none = accepted(RawFormat.VOTE, pair + "'gold': null, 'title': 'T'}");
    Vote plain = accepted(RawFormat.VOTE, "{'item': 3, 'gold': 'x'}");
    Vote unknown = accepted(RawFormat.VOTE, "{'item': 3, 'gold': null}");

    assertThat(vote)
        .isEqualTo(
            new Vote(
                "p",
                "w",
                Optional.of("y"),
                Optional.empty(),
                Optional.of(1454259592000L),
                List.of("x", "y"),
                Optional.of("t")));
    assertThat(tie.label()).contains("equal");
    assertThat(gold.annotator()).isEmpty();
    assertThat(gold.gold()).contains("x");
    assertThat(none.gold()).isEmpty();
    assertThat(plain.gold()).contains("x");
    assertThat(unknown.annotator()).isEmpty();
    assertThat(unknown.gold()).isEmpty();
    assertThat(rejected("{'item': 3, 'gold': 'x', 'label': 'y'}").reason())
        .isEqualTo(Reason.MISSING_FIELD); // a vote of nobody
    assertThat(plain.annotator()).isEmpty();
    // as rows of a table with votes
    Vote ofTable =
        accepted(RawFormat.VOTE, "{'item': 3, 'gold': 'x', 'annotator': null, 'label': null}");
    assertThat(ofTable).isEqualTo(plain);
    Vote argumentsOfTable =
        accepted(
            RawFormat.VOTE, pair + "'gold': 'a1', 'title': 'T', 'worker': null, 'value': null}");
    assertThat(argumentsOfTable).isEqualTo(gold);
    assertThat(rejected(pair + "'worker': 'w', 'value': 'a3'}").reason())
        .isEqualTo(Reason.WRONG_TYPE);
    assertThat(rejected(pair + "'worker': 'w'}").reason()).isEqualTo(Reason.MISSING_FIELD);
  }

  @Test
  void promptsAndVotes() {
    PlainPrompt prompt = accepted(RawFormat.PROMPT, "{'prompt': 'Write'}");
    PlainPrompt turns = accepted(RawFormat.PROMPT, "{'turns': [{'content': 'Write'}]}");
    Vote vote = accepted(RawFormat.VOTE, "{'item': 3, 'annotator': 'a', 'label': 1.0}");
    Vote none = accepted(RawFormat.VOTE, "{'item': 3, 'annotator': 'a', 'label': null}");

    assertThat(prompt.prompt()).containsExactly(Message.text("Write"));
    assertThat(turns.prompt()).containsExactly(new Message("user", "Write"));
    assertThat(vote).isEqualTo(Vote.of("3", "a", "1"));
    assertThat(none.label()).isEmpty();
  }

  @Test
  void aLabelIsOneHoweverItsNumberIsWritten() {
    for (String label : List.of("10", "10.0", "1e1", "'10'", "'10.0'", "'1E+1'")) {
      assertThat(label(label)).contains("10");
    }

    for (String name : List.of("007", "1d", "0x1p3", "+1", "1.", ".5", "-", "NaN", "1e400", " 1")) {
      assertThat(label("'" + name + "'")).contains(name);
    }

    assertThat(label("'-0.0'")).contains("0");
    assertThat(label("'1e-999999999'")).contains("0"); // and not as many digits
    assertThat(label("'12345678901234567890'")).contains("12345678901234567890");
    assertThat(VoteLabel.of(2.50)).isEqualTo("2.5");
  }

  @Test
  void aNumberBeyondAllDoublesIsNoLabel() {
    for (String field : List.of("'label': 1e400", "'label': 1, 'gold': -1e400")) {
      assertThat(rejected("{'item': 3, 'annotator': 'a', " + field + "}").reason())
          .isEqualTo(Reason.WRONG_TYPE);
    }

    assertThat(
            rejected("{'item': 3, 'annotator': 'a', 'label': 1, 'options': [1, 1e400]}").reason())
        .isEqualTo(Reason.WRONG_TYPE);
  }

  @Test
  void timesInAnyUnit() {
    for (String time :
        List.of(
            "1454259592",
            "1454259592.0",
            "1454259592000",
            "1454259592000000",
            "1454259592000000000",
            "'1454259592'",
            "' 1454259592000 '",
            "'2016-01-31T16:59:52Z'")) {
      assertThat(vote("'time': " + time).time()).contains(1454259592000L);
    }

    assertThat(vote("'time': -1.5").time()).contains(-1500L);
    for (String time : List.of("1e21", "1e400", "'20160131'", "'2016'", "true")) {
      assertThat(
              rejected("{'item': 3, 'annotator': 'a', 'label': 1, 'time': " + time + "}").reason())
          .isEqualTo(Reason.WRONG_TYPE);
    }
  }

  private static Optional<String> label(String label) {
    Vote vote = accepted(RawFormat.VOTE, "{'item': 3, 'annotator': 'a', 'label': " + label + "}");
    return vote.label();
  }

  private static Vote vote(String field) {
    return accepted(RawFormat.VOTE, "{'item': 3, 'annotator': 'a', 'label': 1, " + field + "}");
  }
}
