package org.rlhf4j.data.raw;

import static org.assertj.core.api.Assertions.assertThat;
import static org.rlhf4j.data.raw.ParsedRows.accepted;
import static org.rlhf4j.data.raw.ParsedRows.rejected;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.rlhf4j.data.raw.RawRecord.Ranking;
import org.rlhf4j.data.raw.RawResult.Rejected;

class TestRawParser {
  private static final RawParser AUTO = RawParser.detecting();

  @Test
  void numbersThatNoDoubleHoldsAreNamedSo() {
    for (String number : List.of("1e400", "-1e400")) {
      String row = "{'prompt': 'p', 'chosen': 'a', 'rejected': 'b', 'margin': " + number + "}";
      assertThat(rejected(row).detail())
          .isEqualTo("field margin is a number beyond 1.8e308, the largest double");
    }
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
