package org.rlhf4j.data.raw;

import static org.assertj.core.api.Assertions.assertThat;
import static org.rlhf4j.data.raw.ParsedRows.accepted;
import static org.rlhf4j.data.raw.ParsedRows.rejected;

import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.rlhf4j.data.dataset.Message;
import org.rlhf4j.data.raw.RawRecord.Tree;
import org.rlhf4j.data.raw.RawRecord.TreeMessage;
import org.rlhf4j.data.raw.RawResult.Rejected;

/** Open-Assistant messages, flat and in trees. */
class TestOasstParser {
  @Test
  void openAssistantFlatAndNested() {
    TreeMessage message =
        accepted(
            RawFormat.OASST,
            "{'message_id': 'm', 'parent_id': null, 'message_tree_id': 't', 'role': 'prompter',"
                + " 'text': 'Hi', 'rank': null, 'deleted': false}");
    Tree tree =
        accepted(
            RawFormat.OASST,
            "{'message_tree_id': 't', 'prompt': {'message_id': 'm', 'role': 'prompter', 'text':"
                + " 'Hi', 'replies': [{'message_id': 'a', 'role': 'assistant', 'text': 'A',"
                + " 'rank': 1, 'replies': []}, {'message_id': 'b', 'role': 'assistant', 'text':"
                + " 'B', 'rank': 0}, {'message_id': 'c', 'role': 'assistant', 'text': 'C',"
                + " 'rank': 2, 'deleted': true}]}}");

    assertThat(message.message()).isEqualTo(new Message("user", "Hi"));
    assertThat(tree.rankings()).hasSize(1);
    assertThat(tree.rankings().get(0).responses()).containsExactly("A", "B");
    assertThat(tree.rankings().get(0).ranks()).containsExactly(1, 0);
  }

  /** The reasons of flat messages, a fault before what is honest, and whose they are. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "A:a:1, B:b:1        | tie                 | message A, message B: all 2 ranked responses have the same rank",
        "A:a:0, B:a :1       | identical_responses | message A, message B: the responses with different ranks are equal",
        "A:a:0, A:b:1        | wrong_type          | message A: another message has the id A and says something else",
        "A:a:null, B:b:null  | unranked            | message A, message B: the reply has siblings, but no rank",
        "A:DELETED:0, B:b:1  | deleted             | message A: the message was deleted",
        "A:a:0               | unranked            | no message of the tree has two ranked replies",
        "A:a:0, B: :1        | empty_response      | message B: the response text is empty",
        "A:a:'x', B: :1      | wrong_type          | message A: field rank is text, but must be a number",
        "A:a:1, B:b:1, C::2  | empty_response      | message C: the response text is empty",
        "A:DELETED:0, B:b:0, C:c:0 | tie           | message B, message C: all 2 ranked responses have the same rank",
      })
  void nestedTreesAreRefusedForTheirWorstMessage(String replies, String reason, String detail) {
    Rejected refused = rejected(nested(replies));

    assertThat(refused.reason().code()).isEqualTo(reason);
    assertThat(refused.detail()).isEqualTo(detail);
  }

  @Test
  void aBadMessageTakesNoOtherPairWithIt() {
    for (String bad : List.of("C::2", "C:c:'x'", "A:a:0, C:c:0, C:d:1", "C:DELETED:2")) {
      Tree tree = accepted(RawFormat.OASST, nested("A:a:0, B:b:1, " + bad));
      assertThat(tree.rankings()).hasSize(1);
      assertThat(tree.rankings().get(0).responses()).containsExactly("a", "b");
    }

    String below = "{'message_id': '@', 'role': 'assistant', 'text': '@', 'rank': 0}";
    String question =
        "{'message_id': 'Q', 'role': 'prompter', 'text': '', 'replies': [%s, %s]}"
            .formatted(below.replace("@", "X"), below.replace("@", "Y").replace(": 0", ": 1"));
    String row = nested("A:a:0, B:b:1");
    Tree tree = accepted(RawFormat.OASST, row.replace("[", "[" + question + ", "));
    assertThat(tree.rankings()).hasSize(1);
    assertThat(rejected(row.replace("[", "[7, ").replace(": 1}", ": 0}")).detail())
        .isEqualTo("reply 1 of message R: field replies is a number, but must be an object");
    assertThat(rejected("{'prompt': {'role': 'prompter', 'text': 'p', 'replies': []}}").detail())
        .isEqualTo("the first message: field message_id is missing");
  }

  /** A tree with replies to its root, each written as id, text and rank. */
  static String nested(String replies) {
    String json =
        Arrays.stream(replies.split(", "))
            .map(reply -> reply.split(":"))
            .map(
                reply ->
                    "{'message_id': '%s', 'role': 'assistant', 'text': '%s', 'deleted': %b, 'rank': %s}"
                        .formatted(reply[0], reply[1], reply[1].equals("DELETED"), reply[2]))
            .collect(Collectors.joining(", "));
    return "{'prompt': {'message_id': 'R', 'role': 'prompter', 'text': 'p', 'replies': ["
        + json
        + "]}}";
  }
}
