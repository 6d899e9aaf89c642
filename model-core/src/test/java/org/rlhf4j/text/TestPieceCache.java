package org.rlhf4j.text;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.huggingface.tokenizers.HuggingFaceTokenizer;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.rlhf4j.hub.TextPieces;
import org.rlhf4j.hub.TokenizerFiles;

/** The reference is the library itself, which is given each text whole. */
class TestPieceCache {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int TEXTS = 2000;

  /** What words, and spaces between them, may be made of. */
  private static final List<String> PARTS =
      List.of(
          " ",
          " ",
          " ",
          " ",
          " ",
          "  ",
          "\t",
          "\n",
          "\r\n",
          "\u00a0",
          "\u3000",
          "\u2028",
          "\u0085",
          "\u001c",
          "\u200b",
          "the",
          "cat",
          "banana",
          "a",
          "'s",
          "'",
          "'LL",
          ".",
          ",",
          "!!",
          "(",
          "7",
          "42",
          "\u0664",
          "\u00bd",
          "na\u00efve",
          "e\u0301",
          "\u0301",
          "\u0338",
          "\u212a",
          "\u037e",
          "\u4f60",
          "\ud83d\ude00",
          "\ud835\udfd8",
          "<|endoftext|>",
          "<|",
          "<");

  private static final String GPT2 =
      "{'type': 'ByteLevel', 'add_prefix_space': false, 'trim_offsets': true, 'use_regex': true}";
  private static final String DIGITS =
      "{'type': 'Sequence', 'pretokenizers': [{'type': 'Digits', 'individual_digits': true}, %s]}"
          .formatted(GPT2);
  private static final String LLAMA3 = split("\\\\p{N}{1,3}", "Isolated");
  private static final String QWEN2 = split("\\\\p{N}", "Isolated");

  @TempDir Path directory;

  private static String split(String digits, String behavior) {
    return """
        {'type': 'Sequence', 'pretokenizers': [
          {'type': 'Split', 'invert': false, 'behavior': '%s', 'pattern': {'Regex':
           '(?i:\\'s|\\'t|\\'re|\\'ve|\\'m|\\'ll|\\'d)|[^\\\\r\\\\n\\\\p{L}\\\\p{N}]?\\\\p{L}+|%s\
        | ?[^\\\\s\\\\p{L}\\\\p{N}]+[\\\\r\\\\n]*|\\\\s*[\\\\r\\\\n]+|\\\\s+(?!\\\\S)|\\\\s+'}},
          {'type': 'ByteLevel', 'add_prefix_space': false, 'trim_offsets': true, 'use_regex': false}]}"""
        .formatted(behavior, digits);
  }

  @Test
  void cutsNoTokenOfGpt2() throws IOException {
    assertExact(tokenizer(GPT2, Optional.empty()));
  }

  @Test
  void cutsNoTokenOfSmolLm() throws IOException {
    assertExact(tokenizer(DIGITS, Optional.empty()));
  }

  @Test
  void cutsNoTokenOfLlama3() throws IOException {
    assertExact(tokenizer(LLAMA3, Optional.empty()));
  }

  /** Its normaliser makes K of the sign for Kelvin, and so the token that was added here. */
  @Test
  void cutsNoTokenOfQwen2() throws IOException {
    ObjectNode json = tokenizer(QWEN2, Optional.of("NFC"));
    ObjectNode token = ((ArrayNode) json.get("added_tokens")).get(0).deepCopy();
    int id = json.get("model").get("vocab").size();
    ((ArrayNode) json.get("added_tokens"))
        .add(token.put("content", "K the").put("id", id).put("normalized", true));
    assertExact(json);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{'type': 'Metaspace'}",
        "{'type': 'Whitespace'}",
        "{'type': 'ByteLevel', 'add_prefix_space': true, 'trim_offsets': true, 'use_regex': true}",
        "{'type': 'ByteLevel', 'add_prefix_space': false, 'trim_offsets': true, 'use_regex': false}"
      })
  void leavesOtherTokenizersTheirTextsWhole(String preTokenizer) throws IOException {
    assertThat(pieces(tokenizer(preTokenizer, Optional.empty()))).isEmpty();
  }

  @Test
  void leavesTextsWholeWhereWordsMayDiffer() throws IOException {
    assertThat(pieces(tokenizer(split("\\\\p{L}", "Isolated"), Optional.empty()))).isEmpty();
    assertThat(pieces(tokenizer(split("\\\\p{N}", "Removed"), Optional.empty()))).isEmpty();
    assertThat(pieces(tokenizer(GPT2, Optional.of("Lowercase")))).isEmpty();

    ObjectNode drops = tokenizer(GPT2, Optional.empty());
    ((ObjectNode) drops.get("model")).put("dropout", 0.1);
    assertThat(pieces(drops)).isEmpty();
  }

  @Test
  void addsTheTokensThatBeginAText() throws IOException {
    ObjectNode json = tokenizer(GPT2, Optional.empty());
    json.set(
        "post_processor",
        relaxed(
            """
            {'type': 'TemplateProcessing', 'pair': [],
             'single': [{'SpecialToken': {'id': '<|endoftext|>', 'type_id': 0}},
                        {'Sequence': {'id': 'A', 'type_id': 0}}],
             'special_tokens': {'<|endoftext|>':
                {'id': '<|endoftext|>', 'ids': [0], 'tokens': ['<|endoftext|>']}}}"""));
    write(json);
    try (Tokenizer tokenizer = Tokenizer.load(directory)) {
      int[] bare = tokenizer.encodeWithoutSpecialTokens("the cat");
      int[] begun = IntStream.concat(IntStream.of(0), IntStream.of(bare)).toArray();
      assertThat(tokenizer.encode("the cat")).isEqualTo(begun);
    }
  }

  /** Each text twice, so that the second time its pieces are known. */
  private void assertExact(ObjectNode json) throws IOException {
    assertThat(pieces(json)).isPresent();
    Random random = new Random(7);
    List<String> texts =
        IntStream.range(0, TEXTS)
            .mapToObj(i -> text(random))
            .flatMap(text -> Stream.of(text, text))
            .collect(Collectors.toList());
    texts.add("");
    texts.add("the \u212a the cat");
    texts.add("word ".repeat(1000) + "w".repeat(100));
    try (Tokenizer tokenizer = Tokenizer.load(directory);
        HuggingFaceTokenizer library =
            HuggingFaceTokenizer.newInstance(
                new ByteArrayInputStream(JSON.writeValueAsBytes(json)),
                Map.of("truncation", "do_not_truncate", "padding", "do_not_pad"))) {
      for (String text : texts) {
        long[] expected = library.encode(text, false, false).getIds();
        assertThat(IntStream.of(tokenizer.encodeWithoutSpecialTokens(text)).asLongStream())
            .as(text)
            .containsExactly(boxed(expected));
        assertThat(tokenizer.encode(text)).hasSize(expected.length);
      }
    }
  }

  private static Long[] boxed(long[] values) {
    return Arrays.stream(values).boxed().toArray(Long[]::new);
  }

  private static String text(Random random) {
    int parts = 1 + random.nextInt(24);
    return random.ints(parts, 0, PARTS.size()).mapToObj(PARTS::get).collect(Collectors.joining());
  }

  /**
   * Merges of every two of the characters that stand around words, so that it shows in the tokens
   * where words begin: space, tab and line ends as byte-level tokenizers write them.
   */
  private static void addMerges(ObjectNode model) {
    ObjectNode vocabulary = (ObjectNode) model.get("vocab");
    ArrayNode merges = (ArrayNode) model.get("merges");
    List<String> characters =
        List.of(
            "\u0120", "\u0109", "\u010a", "\u010d", "a", "t", "s", "'", ".", ",", "!", "(", "<",
            "4", "7");
    for (String left : characters) {
      for (String right : characters) {
        if (!vocabulary.has(left + right)) {
          vocabulary.put(left + right, vocabulary.size());
          merges.addArray().add(left).add(right);
        }
      }
    }
  }

  /** The golden tokenizer with other steps before its merges, and more merges. */
  private static ObjectNode tokenizer(String preTokenizer, Optional<String> normalizer)
      throws IOException {
    ObjectNode json =
        (ObjectNode) JSON.readTree(TestTokenizer.GOLDEN.resolve("tokenizer.json").toFile());
    addMerges((ObjectNode) json.get("model"));
    json.set("pre_tokenizer", relaxed(preTokenizer));
    normalizer.ifPresent(type -> json.set("normalizer", JSON.createObjectNode().put("type", type)));
    return json;
  }

  /** JSON in single quotes. */
  private static JsonNode relaxed(String json) throws IOException {
    return JSON.readTree(json.replace("\\'", "\u0000").replace('\'', '"').replace("\u0000", "'"));
  }

  private Optional<TextPieces> pieces(ObjectNode json) throws IOException {
    write(json);
    return TokenizerFiles.read(directory).pieces();
  }

  private void write(ObjectNode json) throws IOException {
    Files.writeString(
        directory.resolve("tokenizer.json"), JSON.writeValueAsString(json), StandardCharsets.UTF_8);
    Files.copy(
        TestTokenizer.GOLDEN.resolve("tokenizer_config.json"),
        directory.resolve("tokenizer_config.json"),
        StandardCopyOption.REPLACE_EXISTING);
  }
}
