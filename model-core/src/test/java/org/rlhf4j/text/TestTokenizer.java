package org.rlhf4j.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.rlhf4j.hub.ModelFormatException;

/** Golden values: scripts/golden/tokenizer.py, by Python's tokenizers. */
class TestTokenizer {
  static final Path GOLDEN = Path.of("src/test/resources/golden/tokenizer");

  @TempDir Path directory;

  @Test
  void encodesAndDecodesAsTheReference() throws IOException {
    JsonNode cases = new ObjectMapper().readTree(GOLDEN.resolve("encodings.json").toFile());
    try (Tokenizer tokenizer = Tokenizer.load(GOLDEN)) {
      for (JsonNode expected : cases) {
        int[] tokens = tokenizer.encode(expected.get("text").textValue());
        assertThat(tokens).as(expected.get("text").textValue()).isEqualTo(ints(expected));
        assertThat(tokenizer.decode(tokens)).isEqualTo(expected.get("decoded").textValue());
      }
    }
  }

  private static int[] ints(JsonNode expected) {
    JsonNode tokens = expected.get("tokens");
    return IntStream.range(0, tokens.size()).map(i -> tokens.get(i).intValue()).toArray();
  }

  @Test
  void keepsTextsLongerThanTheLibrarysDefaultLimit() {
    try (Tokenizer tokenizer = Tokenizer.load(GOLDEN)) {
      String text = "the cat sat on the mat. ".repeat(1000);
      int[] tokens = tokenizer.encode(text);
      assertThat(tokens.length).isGreaterThan(5000);
      assertThat(tokenizer.decode(tokens)).isEqualTo(text);
    }
  }

  @Test
  void replacesUnpairedSurrogates() {
    try (Tokenizer tokenizer = Tokenizer.load(GOLDEN)) {
      assertThat(tokenizer.decode(tokenizer.encode("a\ud800b\udc00"))).isEqualTo("a\ufffdb\ufffd");
    }
  }

  @Test
  void knowsItsSizeAndEndToken() {
    try (Tokenizer tokenizer = Tokenizer.load(GOLDEN)) {
      assertThat(tokenizer.vocabularySize()).isEqualTo(321);
      assertThat(tokenizer.endToken()).isZero();
      assertThat(tokenizer.fingerprint()).hasSize(64);
    }
  }

  @Test
  void namesTheFileThatIsNoTokenizer() throws IOException {
    assertThatThrownBy(() -> Tokenizer.load(directory))
        .isInstanceOf(ModelFormatException.class)
        .hasMessage("Directory %s has no tokenizer.json, which is needed", directory);
    Files.writeString(
        directory.resolve("tokenizer.json"),
        "{\"model\": {\"type\": \"BPE\", \"vocab\": {\"a\": 0}}}");
    Files.writeString(directory.resolve("tokenizer_config.json"), "{\"eos_token\": \"a\"}");
    assertThatThrownBy(() -> Tokenizer.load(directory))
        .isInstanceOf(ModelFormatException.class)
        .hasMessageStartingWith(
            directory.resolve("tokenizer.json") + " is not a usable tokenizer: ");
  }

  @Test
  void findsTheEndTokenInTheModelsFilesElseTakesThatOfGpt2() throws IOException {
    String json = Files.readString(GOLDEN.resolve("tokenizer.json"));
    Files.writeString(directory.resolve("tokenizer.json"), json);
    assertEndToken(0);
    Files.writeString(directory.resolve("config.json"), "{\"eos_token_id\": [7, 8]}");
    assertEndToken(7);
    Files.writeString(directory.resolve("generation_config.json"), "{\"eos_token_id\": 9}");
    assertEndToken(9);
    Files.writeString(directory.resolve("tokenizer_config.json"), "{\"eos_token\": \"<no>\"}");
    assertThatThrownBy(() -> Tokenizer.load(directory))
        .isInstanceOf(ModelFormatException.class)
        .hasMessageContaining("\"eos_token\" is \"<no>\", which is no token of tokenizer.json");
  }

  private void assertEndToken(int expected) {
    try (Tokenizer tokenizer = Tokenizer.load(directory)) {
      assertThat(tokenizer.endToken()).isEqualTo(expected);
    }
  }

  @Test
  void refusesATokenizerWithoutEndToken() throws IOException {
    String json = Files.readString(GOLDEN.resolve("tokenizer.json"));
    Files.writeString(directory.resolve("tokenizer.json"), json.replace("<|endoftext|>", "<x>"));
    assertThatThrownBy(() -> Tokenizer.load(directory))
        .isInstanceOf(ModelFormatException.class)
        .hasMessageContaining("names no end token");
  }

  @Test
  void encodesAlikeOnManyThreads() {
    try (Tokenizer tokenizer = Tokenizer.load(GOLDEN)) {
      List<String> texts =
          IntStream.range(0, 400).mapToObj(i -> "the cat " + i + " banana".repeat(i % 7)).toList();
      List<int[]> expected = texts.stream().map(tokenizer::encode).toList();
      List<int[]> parallel = texts.parallelStream().map(tokenizer::encode).toList();
      assertThat(parallel).usingElementComparator(Arrays::compare).isEqualTo(expected);
    }
  }
}
