package org.rlhf4j.data.raw;

import static org.assertj.core.api.Assertions.assertThat;
import static org.rlhf4j.data.raw.ParsedRows.accepted;
import static org.rlhf4j.data.raw.ParsedRows.rejected;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.rlhf4j.data.dataset.Message;
import org.rlhf4j.data.dataset.PreferencePair;
import org.rlhf4j.data.raw.RawRecord.Comparisons;
import org.rlhf4j.data.raw.RawRecord.DemonstratedResponse;
import org.rlhf4j.data.raw.RawRecord.Ranking;
import org.rlhf4j.data.raw.RawRecord.RatedResponse;
import org.rlhf4j.data.raw.RawResult.Rejected;

class TestRawParser {
  private static final RawParser AUTO = RawParser.detecting();

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
  void rankingWithGapsTiesAndUnranked() {
    Ranking ranking =
        accepted(
            RawFormat.RANKING,
            "{'prompt': 'p', 'responses': ['a', 'b', 'c', 'd'], 'ranks': [7, 2, null, 7]}");

    assertThat(ranking.ranks()).containsExactly(1, 0, RawRecord.UNRANKED, 1);
  }

  /** One text may stand in it twice, as long as that is no contradiction. */
  @Test
  void rankingsWithEqualTexts() {
    DatasetRows rows = new DatasetRows(new SplitRule(0, 0, 0));
    String row = "{'prompt': 'p', 'responses': ['a', 'b', 'a '], 'ranks': ";
    Ranking plain =
        accepted(RawFormat.PREFERENCE, "{'prompt': 'p', 'chosen': 'a', 'rejected': 'b'}");
    Ranking merged = accepted(RawFormat.RANKING, row + "[1, 2, 1]}");
    Ranking twice = accepted(RawFormat.RANKING, row + "[1, 3, 2]}");

    assertThat(merged.key()).isEqualTo(plain.key());
    assertThat(rows.pairs(merged)).hasSize(1).allMatch(pair -> pair.weight() == 1);
    assertThat(rows.pairs(twice))
        .extracting(pair -> pair.chosen() + ">" + pair.rejected())
        .containsExactly("a>b");
    assertThat(rejected(row + "[1, 2, 3]}").reason()).isEqualTo(Reason.CONTRADICTORY_PAIR);
  }

  @Test
  void rankingsOfMessages() {
    String response = "[{'role': '%s', 'content': '%s'}]";
    String row =
        "{'prompt': [{'role': 'user', 'content': 'p'}], 'responses': ["
            + response.formatted("gpt", "a")
            + ", 'b'], 'ranks': [1, 0]}";

    Ranking ranking = accepted(RawFormat.RANKING, row);

    assertThat(ranking.responses()).containsExactly("a", "b");
    assertThat(rejected(row.replace("gpt", "user")).detail())
        .isEqualTo("the response responses has the role user, but must have assistant");
  }

  @Test
  void rankingsOfThousandsAreRefusedBeforeTheirPairsAreMade() {
    StringBuilder responses = new StringBuilder();
    StringBuilder ranks = new StringBuilder();
    for (int i = 0; i < 40_000; i++) {
      responses.append(i == 0 ? "" : ",").append("'r").append(i).append("'");
      ranks.append(i == 0 ? "" : ",").append(i);
    }

    Rejected refused =
        rejected("{'prompt': 'p', 'responses': [" + responses + "], 'ranks': [" + ranks + "]}");

    assertThat(refused.reason()).isEqualTo(Reason.ROW_TOO_LARGE);
    assertThat(refused.detail())
        .isEqualTo("40000 responses are ranked, but at most 1000 are compared two by two");
  }

  @Test
  void comparisonsAreWrittenAsTheirProjectDoes() {
    Ranking pair =
        accepted(
            RawFormat.COMPARISONS,
            "{'info': {'post': 'Long.', 'title': 'T', 'subreddit': 'tifu'}, 'summaries': [{'text':"
                + " ' a'}, {'text': ' b'}], 'choice': 1, 'worker': 'w1'}");

    assertThat(pair.prompt().get(0).content())
        .isEqualTo("SUBREDDIT: r/tifu\n\nTITLE: T\n\nPOST: Long.\n\nTL;DR:");
    assertThat(pair.ranks()).containsExactly(1, 0);
    assertThat(pair.origin().annotator()).contains("w1");
  }

  @Test
  void fineGrainedComparisonsKeepTiesOutAndFeedbackAsItIs() {
    String row =
        "{'question': 'Why?', 'passages': [['T', 'One.', 'Two.']], 'prediction 1': 'a',"
            + " 'prediction 2': 'b', 'prediction 3': 'c', 'preference': [2, 0, 1],"
            + " 'feedback': {'errors': [], 'missing-info': 'x'}, 'weight': 3}";

    Comparisons compared = accepted(RawFormat.FINE_GRAINED, row);

    assertThat(compared.prompt()).containsExactly(new Message("user", "T One. Two.\n\nWhy?"));
    assertThat(new DatasetRows(new SplitRule(0, 0, 0)).pairs(compared, "p", "g"))
        .extracting(pair -> pair.chosen() + pair.rejected() + pair.critique().isPresent())
        .containsExactly("batrue", "bcfalse");
    assertThat(new DatasetRows(new SplitRule(0, 0, 0)).pairs(compared, "p", "g"))
        .allMatch(pair -> pair.groupId().equals("g") && pair.weight() == 1.0)
        .extracting(PreferencePair::pairId)
        .doesNotHaveDuplicates();
    assertThat(compared.pairs().get(0).critique())
        .contains("{\"errors\":[],\"missing-info\":\"x\"}");
    assertThat(compared.identity().verdicts()).hasSize(2);
    Comparisons repeated = accepted(RawFormat.FINE_GRAINED, row.replace("'c'", "'a'"));
    assertThat(repeated.pairs()).hasSize(1); // b over a, twice
    assertThat(rejected(row.replace("[2, 0, 1]", "[0, 0, 0]")).reason()).isEqualTo(Reason.TIE);
    assertThat(rejected(row.replace("[2, 0, 1]", "[2, 0]")).detail())
        .isEqualTo("3 predictions have 3 pairs, but there are 2 preferences");
    assertThat(rejected(row.replace("[2, 0, 1]", "[2, 0, 3]")).reason())
        .isEqualTo(Reason.WRONG_TYPE);
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
  void numbersThatNoDoubleHoldsAreNamedSo() {
    for (String number : List.of("1e400", "-1e400")) {
      String row = "{'prompt': 'p', 'chosen': 'a', 'rejected': 'b', 'margin': " + number + "}";
      assertThat(rejected(row).detail())
          .isEqualTo("field margin is a number beyond 1.8e308, the largest double");
    }
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

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{'prompt': 'p', 'chosen': 'a'                              | malformed_json",
        "{'prompt': 'p', 'chosen': 'a', 'rejected': 'b'} {}         | malformed_json",
        "{'prompt': 'p', 'chosen': NaN, 'rejected': 'b'}            | malformed_json",
        "{'prompt': 'p', 'chosen': 'a', 'chosen': 'b', 'rejected': 'c'} | malformed_json",
        "['prompt']                                                 | wrong_type",
        "{'colour': 'red'}                                          | unknown_format",
        "{'prompt': 'p', 'chosen': 'a'}                             | missing_field",
        "{'prompt': 'p', 'chosen': 'a', 'rejected': null}           | missing_field",
        "{'prompt': null, 'chosen': 'a', 'rejected': 'b'}           | missing_field",
        "{'prompt': 'p', 'chosen': 1, 'rejected': 'b'}              | wrong_type",
        "{'prompt': 'p', 'chosen': 'a', 'rejected': 'b', 'weight': '1'} | wrong_type",
        "{'prompt': 'p', 'chosen': 'a', 'rejected': 'b', 'weight': -1} | wrong_type",
        "{'prompt': ' \\n', 'chosen': 'a', 'rejected': 'b'}         | empty_prompt",
        "{'prompt': 'p', 'chosen': '\\u00a0', 'rejected': 'b'}      | empty_response",
        "{'prompt': 'p', 'chosen': 'a  b', 'rejected': ' a b'}      | identical_responses",
        "{'prompt': 'p', 'chosen': 'a\\ud800', 'rejected': 'b'}     | invalid_utf8",
        "{'chosen': 'Hi', 'rejected': 'Ho'}                         | malformed_dialogue",
        "{'chosen': '\\n\\nHuman: a\\n\\nAssistant: x', 'rejected': '\\n\\nHuman: b\\n\\nAssistant: y'} | prompt_mismatch",
        "{'chosen': '\\n\\nHuman: a\\n\\nAssistant: ', 'rejected': '\\n\\nHuman: a\\n\\nAssistant: y'} | empty_response",
        "{'prompt': 'p', 'responses': ['a', 'b'], 'ranks': [1, 1]}  | tie",
        "{'prompt': 'p', 'responses': ['a', 'b'], 'ranks': [1, null]} | unranked",
        "{'prompt': 'p', 'responses': ['a', 'a'], 'ranks': [1, 2]}  | identical_responses",
        "{'prompt': 'p', 'responses': ['a', 'b'], 'ranks': ['1', '2']} | wrong_type",
        "{'prompt': 'p', 'responses': ['a', 'b'], 'ranks': [1]}     | wrong_type",
        "{'prompt': 'p', 'response': 'r', 'rating': '5'}            | wrong_type",
        "{'prompt': 'p', 'completion': 'r', 'label': 1}             | wrong_type",
        "{'messages': []}                                           | empty_prompt",
        "{'item': 'i', 'annotator': 'a'}                            | missing_field",
        "{'prompt': 'p', 'response': 'r', 'rating': null}           | missing_field",
        "{'prompt': 'p', 'completion': 'c', 'label': null}          | missing_field",
        "{'prompt': 'p', 'chosen': null, 'rejected': null}          | missing_field",
        "{'message_id': null, 'role': 'assistant', 'text': 't'}     | missing_field",
        "{'prompt': 'p', 'chosen': [{'role': 'user', 'content': 'a'}], 'rejected': 'b'} | wrong_type",
        "{'prompt': 'p', 'chosen': [{'role': 'user', 'content': 'a'}], 'rejected': [{'role': 'assistant', 'content': 'b'}]} | wrong_type",
        "{'info': {'post': 'p'}, 'summaries': [{'text': 'a'}, {'text': 'b'}], 'choice': 4294967296} | wrong_type",
        "{'question': 'q', 'prediction 1': 'a', 'prediction 2': 'b', 'preference': [1], 'feedback': {'x': '\\ud800'}} | invalid_utf8",
      })
  void refusals(String row, String reason) {
    assertThat(rejected(row).reason().code()).isEqualTo(reason);
  }

  @Test
  void invalidBytesAreFound() {
    byte[] row =
        "{\"prompt\": \"p?\", \"chosen\": \"a\", \"rejected\": \"b\"}"
            .getBytes(StandardCharsets.UTF_8);
    row[13] = (byte) 0xff;

    Rejected result = (Rejected) AUTO.parse(row);

    assertThat(result.reason()).isEqualTo(Reason.INVALID_UTF8);
    assertThat(result.detail()).isEqualTo("byte 14 of the row is no UTF-8");
  }

  @Test
  void deepNestingIsRefusedAndDoesNotOverflow() {
    byte[] row = new byte[200_000];
    Arrays.fill(row, (byte) '[');

    assertThat(((Rejected) AUTO.parse(row)).reason()).isEqualTo(Reason.MALFORMED_JSON);
  }

  @Test
  void aLongRowIsRead() {
    String text = "word ".repeat(2_000_000);
    Ranking pair =
        accepted(
            RawFormat.PREFERENCE, "{'prompt': '" + text + "', 'chosen': 'a', 'rejected': 'b'}");

    assertThat(pair.prompt().get(0).content()).hasSize(10_000_000);
  }

  @Test
  void everyFormatHasItsName() {
    assertThat(RawFormat.names())
        .isEqualTo(
            List.of(
                "preference",
                "hh-rlhf",
                "ranking",
                "comparisons",
                "fine-grained",
                "rating",
                "binary",
                "oasst",
                "demonstration",
                "prompt",
                "vote"));
    assertThat(RawFormat.named("parquet")).isEmpty();
  }
}
