package org.rlhf4j.data.raw;

import static org.assertj.core.api.Assertions.assertThat;
import static org.rlhf4j.data.raw.ParsedRows.accepted;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.rlhf4j.data.dataset.Message;
import org.rlhf4j.data.raw.RawRecord.DemonstratedResponse;
import org.rlhf4j.data.raw.RawRecord.Ranking;

/** Demonstrations in the columns of different projects. */
class TestDemonstrationParser {
  @Test
  void demonstrations() {
    DemonstratedResponse alpaca =
        accepted(RawFormat.DEMONSTRATION, "{'instruction': 'Add', 'input': '1 1', 'output': '2'}");
    DemonstratedResponse chat =
        accepted(
            RawFormat.DEMONSTRATION,
            "{'messages': [{'role': 'user', 'content': 'Hi'}, {'role': 'assistant', 'content':"
                + " 'Hello'}]}");
    DemonstratedResponse text = accepted(RawFormat.DEMONSTRATION, "{'text': 'Once'}");

    assertThat(alpaca.prompt()).containsExactly(new Message("user", "Add\n\n1 1"));
    assertThat(chat.response()).isEqualTo("Hello");
    assertThat(text.prompt()).isEmpty();
    assertThat(text.promptId())
        .isNotEqualTo(
            ((DemonstratedResponse) accepted(RawFormat.DEMONSTRATION, "{'text': 'Twice'}"))
                .promptId());
  }

  /** Columns of other formats stand in one table with them, full or null. */
  @Test
  void demonstrationsWithOtherColumns() {
    String row = "{'prompt': 'P', 'completion': 'C', ";
    List.of(
            "'text': 'PC'}",
            "'answer': 'A'}",
            "'output': null, 'instruction': null}",
            "'chosen': null, 'rejected': null}",
            "'response': null, 'rating': null}")
        .forEach(
            columns -> {
              DemonstratedResponse shown = accepted(RawFormat.DEMONSTRATION, row + columns);
              assertThat(shown.prompt()).containsExactly(Message.text("P"));
              assertThat(shown.response()).isEqualTo("C");
            });
    DemonstratedResponse answer =
        accepted(RawFormat.DEMONSTRATION, "{'prompt': 'P', 'answer': 'A'}");
    DemonstratedResponse alpaca =
        accepted(
            RawFormat.DEMONSTRATION,
            "{'instruction': 'I', 'output': 'O', 'prompt': 'all of it', 'text': 'all of it O'}");
    Ranking dialogue =
        accepted(
            RawFormat.HH_RLHF,
            "{'prompt': null, 'chosen': '\\n\\nHuman: a\\n\\nAssistant: x', 'rejected':"
                + " '\\n\\nHuman: a\\n\\nAssistant: y'}");

    assertThat(answer.response()).isEqualTo("A");
    assertThat(alpaca.prompt()).containsExactly(new Message("user", "I"));
    assertThat(dialogue.responses()).containsExactly("x", "y");
  }
}
