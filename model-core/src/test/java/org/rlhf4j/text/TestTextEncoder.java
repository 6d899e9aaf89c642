package org.rlhf4j.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.rlhf4j.data.dataset.Message;
import org.rlhf4j.hub.ModelFormatException;

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

  @ParameterizedTest
  @ValueSource(strings = {"chat_template.jinja", "tokenizer_config.json"})
  void neverRendersOtherwiseThanATemplateSays(String file, @TempDir Path directory)
      throws IOException {
    Path golden = TestTokenizer.GOLDEN;
    Files.copy(golden.resolve("tokenizer.json"), directory.resolve("tokenizer.json"));
    Files.writeString(
        directory.resolve("tokenizer_config.json"),
        "{\"eos_token\": \"<|endoftext|>\", \"chat_template\": [{\"name\": \"default\","
            + " \"template\": \"{{ messages[0].content }}\"}]}");
    if (!file.equals("tokenizer_config.json")) {
      Files.copy(
          golden.resolve("tokenizer_config.json"),
          directory.resolve("tokenizer_config.json"),
          StandardCopyOption.REPLACE_EXISTING);
      Files.writeString(directory.resolve(file), "{{ messages[0].content }}");
    }
    try (Tokenizer templated = Tokenizer.load(directory)) {
      TextEncoder templateEncoder = new TextEncoder(templated);
      assertThat(templateEncoder.promptText(List.of(Message.text("Hi")))).isEqualTo("Hi");
      List<Message> prompt = List.of(new Message("user", "Hi"));
      assertThatThrownBy(() -> templateEncoder.promptTokens(prompt))
          .isInstanceOf(ModelFormatException.class)
          .hasMessageContaining("The tokenizer in " + directory + " has a chat template");
    }
  }

  @Test
  void endsResponsesWithTheEndToken() {
    int[] tokens = encoder.responseTokens(" fine");
    int[] ended = encoder.responseTokensWithEnd(" fine");
    assertThat(ended).hasSize(tokens.length + 1).startsWith(tokens).endsWith(tokenizer.endToken());
  }
}
