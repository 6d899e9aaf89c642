package org.rlhf4j.data.raw;

import static org.assertj.core.api.Assertions.assertThat;
import static org.rlhf4j.data.raw.ParsedRows.accepted;
import static org.rlhf4j.data.raw.ParsedRows.rejected;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.rlhf4j.data.dataset.Message;
import org.rlhf4j.data.raw.RawRecord.Ranking;

/** Comparisons of two responses, as texts, messages or whole dialogues. */
class TestPreferenceParser {
  @Test
  void preferenceOfTexts() {
    Ranking pair =
        accepted(
            RawFormat.PREFERENCE,
            "{'prompt': 'Hi', 'chosen': 'Hello', 'rejected': 'No', 'margin': 2, 'weight': 0.5,"
                + " 'annotator': 7, 'critique': 'kinder', 'source': 'us'}");

    assertThat(pair.prompt()).containsExactly(Message.text("Hi"));
    assertThat(pair.responses()).containsExactly("Hello", "No");
    assertThat(pair.ranks()).containsExactly(0, 1);
    assertThat(pair.margin()).contains(2.0);
    assertThat(pair.critique()).contains("kinder");
    assertThat(pair.origin()).isEqualTo(new RawRecord.Origin("us", Optional.of("7"), 0.5));
  }

  @Test
  void preferenceOfMessagesWithImplicitPrompt() {
    Ranking pair =
        accepted(
            RawFormat.PREFERENCE,
            "{'chosen': [{'role': 'user', 'content': 'Hi'}, {'role': 'assistant', 'content':"
                + " 'Hello'}], 'rejected': [{'role': 'human', 'content': 'Hi'}, {'role':"
                + " 'assistant', 'content': [{'type': 'text', 'text': 'N'}, {'text': 'o'}]}]}");

    assertThat(pair.prompt()).containsExactly(new Message("user", "Hi"));
    assertThat(pair.responses()).containsExactly("Hello", "No");
  }

  @Test
  void explicitPromptMayBeRepeatedInTheMessages() {
    String sides =
        "'chosen': [{'role': 'user', 'content': 'Hi'}, {'role': 'assistant', 'content': 'Hello'}],"
            + "'rejected': [{'role': 'user', 'content': 'Hi'}, {'role': 'assistant', 'content':"
            + " 'No'}]}";

    Ranking pair = accepted(RawFormat.PREFERENCE, "{'prompt': 'Hi ', " + sides);

    assertThat(pair.prompt()).containsExactly(new Message("user", "Hi"));
    assertThat(rejected("{'prompt': 'Bye', " + sides).reason()).isEqualTo(Reason.PROMPT_MISMATCH);
  }

  @Test
  void sidesThatAnswerDifferentQuestionsMismatch() {
    String side = "[{'role': 'user', 'content': '%s'}, {'role': 'assistant', 'content': '%s'}]";
    String row = "{'chosen': " + side.formatted("A", "x") + ", 'rejected': ";
    assertThat(rejected(row + side.formatted("B", "y") + "}").reason())
        .isEqualTo(Reason.PROMPT_MISMATCH);
  }

  /** As texts are compared everywhere; the prompt is what stands in chosen. */
  @Test
  void sidesThatDifferInBlanksAndCompositionAnswerOneQuestion() {
    String side = "[{'role': 'user', 'content': '%s'}, {'role': 'assistant', 'content': '%s'}]";
    String dialogue = "'\\n\\nHuman: %s\\n\\nAssistant: %s'";
    for (String form : List.of(side, dialogue)) {
      String row = "{'chosen': " + form.formatted("caf\u00e9 au lait", "x") + ", 'rejected': ";
      RawFormat format = form.equals(side) ? RawFormat.PREFERENCE : RawFormat.HH_RLHF;
      for (String other : List.of("cafe\u0301 au lait", "caf\u00e9  au\\nlait")) {
        Ranking pair = accepted(format, row + form.formatted(other, "y") + "}");
        assertThat(pair.prompt()).containsExactly(new Message("user", "caf\u00e9 au lait"));
        assertThat(pair.responses()).containsExactly("x", "y");
      }

      assertThat(rejected(row + form.formatted("cafe au lait", "y") + "}").reason())
          .isEqualTo(Reason.PROMPT_MISMATCH);
    }
  }

  @Test
  void aPromptOfItsOwnLosesNothing() {
    String system = "{'role': 'system', 'content': 'S'}";
    String user = "{'role': 'user', 'content': 'U'}";
    String sides = ", 'chosen': [" + user + ", @A], 'rejected': [" + user + ", @B]}";
    String row =
        sides
            .replace("@A", "{'role': 'assistant', 'content': 'A'}")
            .replace("@B", "{'role': 'assistant', 'content': 'B'}");
    Ranking longer =
        accepted(RawFormat.PREFERENCE, "{'prompt': [" + system + ", " + user + "]" + row);
    Ranking before = accepted(RawFormat.PREFERENCE, "{'prompt': [" + system + "]" + row);
    Ranking within =
        accepted(
            RawFormat.PREFERENCE,
            "{'prompt': 'U'" + row.replace("[" + user, "[" + system + ", " + user));

    List<Message> whole = List.of(new Message("system", "S"), new Message("user", "U"));
    assertThat(longer.prompt()).isEqualTo(whole);
    assertThat(before.prompt()).isEqualTo(whole);
    assertThat(within.prompt()).isEqualTo(whole);
    String other = "{'role': 'user', 'content': 'other'}";
    assertThat(rejected("{'prompt': [" + other + "]" + row).reason())
        .isEqualTo(Reason.PROMPT_MISMATCH);
    assertThat(
            rejected(
                    "{'prompt': [{'role': 'system', 'content': 'T'}]"
                        + row.replace("[" + user, "[" + system + ", " + user))
                .reason())
        .isEqualTo(Reason.PROMPT_MISMATCH);
  }

  @Test
  void aBlankPromptBesideMessagesSaysNothing() {
    String sides =
        "'chosen': [{'role': 'user', 'content': 'Hi'}, {'role': 'assistant', 'content': 'A'}],"
            + " 'rejected': [{'role': 'user', 'content': 'Hi'}, {'role': 'assistant', 'content':"
            + " 'B'}]}";
    for (String blank : List.of("''", "' \\n'", "[]", "[{'role': 'system', 'content': ''}]")) {
      Ranking pair = accepted(RawFormat.PREFERENCE, "{'prompt': " + blank + ", " + sides);
      assertThat(pair.prompt()).containsExactly(new Message("user", "Hi"));
      String responses = "{'prompt': " + blank + ", 'chosen': 'A', 'rejected': 'B'}";
      assertThat(rejected(responses).reason()).isEqualTo(Reason.EMPTY_PROMPT);
    }
  }

  @Test
  void responsesBesideAPromptMayHaveTurnsInThem() {
    String prompt = "{'prompt': '\\n\\nHuman: Hi\\n\\nAssistant:', ";
    Ranking runaway =
        accepted(
            RawFormat.PREFERENCE,
            prompt + "'chosen': ' A', 'rejected': ' B\\n\\nHuman: x\\n\\nAssistant: y'}");
    Ranking oneSide =
        accepted(
            RawFormat.PREFERENCE,
            "{'prompt': 'Write a dialogue', 'chosen': 'Human: x\\n\\nAssistant: y', 'rejected':"
                + " 'No'}");

    assertThat(runaway.responses()).containsExactly(" A", " B\n\nHuman: x\n\nAssistant: y");
    assertThat(oneSide.responses()).containsExactly("Human: x\n\nAssistant: y", "No");
  }

  @Test
  void hhRlhfEndsWithTheLastAssistantTurn() {
    Ranking pair =
        accepted(
            RawFormat.HH_RLHF,
            "{'chosen': '\\n\\nHuman: Hi\\n\\nAssistant: Yes?\\n\\nHuman: Why? Human:"
                + " x\\n\\nAssistant: Because.', 'rejected': '\\n\\nHuman: Hi\\n\\nAssistant:"
                + " Yes?\\n\\nHuman: Why? Human: x\\n\\nAssistant: No.\\n\\nMore.'}");

    assertThat(pair.prompt())
        .containsExactly(
            new Message("user", "Hi"),
            new Message("assistant", "Yes?"),
            new Message("user", "Why? Human: x"));
    assertThat(pair.responses()).containsExactly("Because.", "No.\n\nMore.");
    assertThat(pair.origin().source()).isEqualTo("hh-rlhf");
  }

  @Test
  void hhRlhfKeepsWhatFollowsTheLastAssistantTurn() {
    Ranking pair =
        accepted(
            RawFormat.HH_RLHF,
            "{'chosen': 'Be kind.\\n\\nHuman: Hi\\n\\nAssistant: A\\n\\nHuman: B', 'rejected': 'Be"
                + " kind.\\n\\nHuman: Hi\\n\\nAssistant: C'}");

    assertThat(pair.prompt())
        .containsExactly(new Message("system", "Be kind."), new Message("user", "Hi"));
    assertThat(pair.responses()).containsExactly("A\n\nHuman: B", "C");
  }

  /** As beside lists of messages: dialogues would keep the prompt twice if they were responses. */
  @Test
  void promptsBesideWholeDialogues() {
    String side = "'\\n\\nHuman: Hi\\n\\nAssistant: Yes?\\n\\nHuman: Why?\\n\\nAssistant: %s'";
    String sides =
        "'chosen': " + side.formatted("A") + ", 'rejected': " + side.formatted("B") + "}";
    String last = "{'role': 'user', 'content': 'Why?'}";
    String system = "{'role': 'system', 'content': 'S'}";
    List<Message> shared =
        List.of(
            new Message("user", "Hi"),
            new Message("assistant", "Yes?"),
            new Message("user", "Why?"));
    for (String prompt :
        List.of(
            "''",
            "'Why? '",
            "'Hi'",
            "'\\n\\nHuman: Hi'",
            "'Human: Hi\\n\\nAssistant: Yes?\\n\\nHuman: Why?\\n\\nAssistant:'",
            "[" + last + "]")) {
      Ranking pair = accepted(RawFormat.HH_RLHF, "{'prompt': " + prompt + ", " + sides);
      assertThat(pair.prompt()).isEqualTo(shared);
      assertThat(pair.responses()).containsExactly("A", "B");
    }

    Ranking before = accepted(RawFormat.HH_RLHF, "{'prompt': [" + system + "], " + sides);
    assertThat(before.prompt()).hasSize(4).startsWith(new Message("system", "S"));
    Ranking preamble =
        accepted(
            RawFormat.HH_RLHF,
            ("{'prompt': 'S\\n\\nHuman: Hi\\n\\nAssistant:', " + sides)
                .replace("'\\n\\n", "'S\\n\\n"));
    assertThat(preamble.prompt()).hasSize(4).startsWith(new Message("system", "S"));
    assertThat(rejected("{'prompt': 'Bye', " + sides).reason()).isEqualTo(Reason.PROMPT_MISMATCH);
  }
}
