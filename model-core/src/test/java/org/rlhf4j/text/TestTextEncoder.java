package org.rlhf4j.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
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
    List<Message> prompt = List.of(new Message("tool", "42"));
    assertThatThrownBy(() -> encoder.promptText(prompt))
        .isInstanceOf(PromptException.class)
        .hasMessageContaining("Role \"tool\"");
    assertThat(encoder.refusal(prompt)).get().asString().contains("Role \"tool\"");
    assertThat(encoder.refusal(List.of(new Message("user", "Hi")))).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"chat_template.jinja", "tokenizer_config.json"})
  void followsTheTemplateOfEitherFile(String file, @TempDir Path directory) throws IOException {
    copyTokenizer(directory);
    String template = "{{ bos_token }}[{{ messages[0].content }}]{{ eos_token }}";
    if (file.equals("tokenizer_config.json")) {
      Files.writeString(
          directory.resolve(file),
          String.format(
              "{\"eos_token\": {\"content\": \"<|endoftext|>\"}, \"chat_template\": [{\"name\":"
                  + " \"default\", \"template\": \"%s\"}]}",
              template));
    } else {
      Files.writeString(directory.resolve(file), template + "\n");
    }
    Files.writeString(directory.resolve("special_tokens_map.json"), "{\"bos_token\": \"<s>\"}");
    try (Tokenizer templated = Tokenizer.load(directory)) {
      TextEncoder templateEncoder = new TextEncoder(templated);
      List<Message> prompt = List.of(new Message("user", "Hi"));
      assertThat(templateEncoder.promptText(prompt)).isEqualTo("<s>[Hi]<|endoftext|>");
      assertThat(templateEncoder.promptTokens(prompt))
          .isEqualTo(tokenizer.encodeWithoutSpecialTokens("<s>[Hi]<|endoftext|>"));
      assertThat(templateEncoder.promptText(List.of(Message.text("Hi")))).isEqualTo("Hi");
    }
  }

  private static void copyTokenizer(Path directory) throws IOException {
    for (String name : List.of("tokenizer.json", "tokenizer_config.json")) {
      Files.copy(TestTokenizer.GOLDEN.resolve(name), directory.resolve(name));
    }
  }

  @Test
  void writesPromptsAsTransformersDoes() throws IOException {
    JsonNode golden =
        new ObjectMapper()
            .readTree(TestTextEncoder.class.getResource("/golden/chat-templates.json"));
    for (JsonNode expected : golden.get("cases")) {
      String template = golden.get("templates").get(expected.get("template").asText()).asText();
      List<Message> messages = new ArrayList<>();
      for (JsonNode message : golden.get("messages").get(expected.get("messages").asText())) {
        messages.add(new Message(message.get("role").asText(), message.get("content").asText()));
      }
      Map<String, String> specialTokens = Map.of("bos_token", "<s>", "eos_token", "</s>");
      TemplateRenderer renderer =
          new TemplateRenderer(TestTokenizer.GOLDEN, template, specialTokens);
      String name = expected.get("template") + " of " + expected.get("messages");
      if (expected.has("error")) {
        assertThatThrownBy(() -> renderer.render(messages))
            .as(name)
            .isInstanceOf(PromptException.class)
            .hasMessageContaining(expected.get("error").asText())
            .hasMessageEndingWith("correct the prompt or the template");
      } else {
        assertThat(renderer.render(messages)).as(name).isEqualTo(expected.get("text").asText());
      }
    }
  }

  @Test
  void needsNoTemplateForPlainText(@TempDir Path directory) throws IOException {
    copyTokenizer(directory);
    Files.writeString(directory.resolve("chat_template.jinja"), "{% nonsense %}");
    try (Tokenizer templated = Tokenizer.load(directory)) {
      TextEncoder templateEncoder = new TextEncoder(templated);
      assertThat(templateEncoder.promptText(List.of(Message.text("Hi")))).isEqualTo("Hi");
      assertThatThrownBy(() -> templateEncoder.promptTokens(List.of(new Message("user", "Hi"))))
          .isInstanceOf(ModelFormatException.class)
          .hasMessage(
              "The chat template of the tokenizer in %s cannot be followed (the tag 'nonsense' is not"
                  + " known here (line 1)); give prompts as plain text or correct the template",
              directory);
    }
  }

  @Test
  void leavesTheBeginTokenToATokenizerThatAddsIt(@TempDir Path directory) throws IOException {
    copyTokenizer(directory);
    String json = Files.readString(directory.resolve("tokenizer.json"));
    String begins =
        "\"post_processor\": {\"type\": \"TemplateProcessing\", \"single\": [{\"SpecialToken\":"
            + " {\"id\": \"<|endoftext|>\", \"type_id\": 0}}, {\"Sequence\": {\"id\": \"A\","
            + " \"type_id\": 0}}], \"pair\": [{\"Sequence\": {\"id\": \"A\", \"type_id\": 0}},"
            + " {\"Sequence\": {\"id\": \"B\", \"type_id\": 1}}], \"special_tokens\":"
            + " {\"<|endoftext|>\": {\"id\": \"<|endoftext|>\", \"ids\": [0], \"tokens\":"
            + " [\"<|endoftext|>\"]}}}";
    assertThat(json).contains("\"post_processor\": null");
    Files.writeString(
        directory.resolve("tokenizer.json"), json.replace("\"post_processor\": null", begins));
    Files.writeString(
        directory.resolve("tokenizer_config.json"),
        "{\"bos_token\": \"<|endoftext|>\", \"eos_token\": \"<|endoftext|>\"}");
    Files.writeString(
        directory.resolve("chat_template.jinja"), "{{ bos_token }}{{ messages[0].content }}:");
    try (Tokenizer templated = Tokenizer.load(directory)) {
      TextEncoder templateEncoder = new TextEncoder(templated);
      List<Message> prompt = List.of(new Message("user", "the cat"));
      assertThat(templateEncoder.promptTokens(prompt)).startsWith(0);
      assertThat(templateEncoder.promptText(prompt)).isEqualTo("the cat:");
      assertThat(templateEncoder.promptTokens(List.of(Message.text("the cat:"))))
          .isEqualTo(templateEncoder.promptTokens(prompt));
      // A cut prompt, from its tokens: without the begin token that the tokenizer adds.
      assertThat(templateEncoder.promptText(templateEncoder.promptTokens(prompt)))
          .isEqualTo("the cat:");
    }
  }

  @Test
  void textOfTokensKeepsSpecialTokens() {
    int[] tokens = tokenizer.encodeWithoutSpecialTokens("the cat<|endoftext|>the");

    assertThat(encoder.promptText(tokens)).isEqualTo("the cat<|endoftext|>the");
  }

  @Test
  void endsResponsesWithTheEndToken() {
    int[] tokens = encoder.responseTokens(" fine");
    int[] ended = encoder.responseTokensWithEnd(" fine");
    assertThat(ended).hasSize(tokens.length + 1).startsWith(tokens).endsWith(tokenizer.endToken());
  }
}
