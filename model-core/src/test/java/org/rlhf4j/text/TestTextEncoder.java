package org.rlhf4j.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.rlhf4j.data.dataset.Message;

class TestTextEncoder {
  private static Tokenizer tokenizer;
  private static TextEncoder encoder;

  @BeforeAll
  static void load() {
    tokenizer = Tokenizer.load(TestTokenizer.GOLDEN);
    encoder = new TextEncoder(tokenizer);
  }

  @AfterAll
  static void close() {
    tokenizer.close();
  }

  @Test
  void leavesPlainTextAsItIs() {
    List<Message> prompt = List.of(Message.text(" the cat\n"));
    assertThat(encoder.promptText(prompt)).isEqualTo(" the cat\n");
    assertThat(encoder.promptTokens(prompt)).isEqualTo(tokenizer.encode(" the cat\n"));
    assertThat(encoder.promptTokens(List.of())).isEmpty();
  }

  @Test
  void writesTurnsWithTheSystemTextFirst() {
    List<Message> prompt =
        List.of(
            new Message("user", "Hi"),
            new Message("system", "Be brief."),
            new Message("assistant", "Hello"),
            new Message("user", "Bye"));
    assertThat(encoder.promptText(prompt))
        .isEqualTo("Be brief.\n\nHuman: Hi\n\nAssistant: Hello\n\nHuman: Bye\n\nAssistant:");
    assertThat(encoder.promptTokens(prompt))
        .isEqualTo(tokenizer.encode(encoder.promptText(prompt)));
    assertThat(encoder.promptText(List.of(new Message("user", "Hi"))))
        .isEqualTo("\n\nHuman: Hi\n\nAssistant:");
  }

  @Test
  void refusesRolesItCannotWrite() {
    assertThatThrownBy(() -> encoder.promptText(List.of(new Message("tool", "42"))))
        .hasMessageContaining("Role \"tool\"");
  }

  @Test
  void endsResponsesWithTheEndToken() {
    int[] tokens = encoder.responseTokens(" fine");
    int[] ended = encoder.responseTokensWithEnd(" fine");
    assertThat(ended).hasSize(tokens.length + 1).startsWith(tokens).endsWith(tokenizer.endToken());
  }
}
