package org.rlhf4j.data.raw;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TestRawTexts {
  @Test
  void allTextValuesOfJson() {
    assertThat(texts("{\"a\": [\"x\", {\"b\": \"y\"}], \"c\": 1}")).containsExactly("x", "y");
    assertThat(texts("\"a text\"")).containsExactly("a text");
  }

  @Test
  void aKeyThatComesTwiceLosesNoText() {
    String row = "{\"a\": \"x\", \"a\": \"y\"}";
    assertThat(texts(row)).containsExactly(row);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "12 apostles walked",
        "true love waits",
        "null hypothesis",
        "\"Yes,\" she said",
        "[1] Smith and others",
        "{curly} words",
        "12"
      })
  void textThatOnlyBeginsLikeJsonIsWholeText(String text) {
    assertThat(texts(text)).containsExactly(text);
  }

  private static List<String> texts(String row) {
    return RawTexts.of(row.getBytes(StandardCharsets.UTF_8));
  }
}
