package org.rlhf4j.hub;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * What the tokenizer files of a model directory say about token ids, special tokens and the chat
 * template; encoding itself is the tokenizer's work.
 */
public final class TokenizerFiles {
  static final long MAX_BYTES = 256L << 20;

  /** What {@code transformers.GPT2Tokenizer} assumes where no file says otherwise. */
  private static final String GPT2_END = "<|endoftext|>";

  private static final List<String> SPECIAL_TOKENS =
      List.of(
          "bos_token",
          "eos_token",
          "unk_token",
          "sep_token",
          "pad_token",
          "cls_token",
          "mask_token");

  /** Every file that belongs to a tokenizer, to be copied along with a model. */
  static final List<String> NAMES =
      List.of(
          "tokenizer.json",
          "tokenizer_config.json",
          "special_tokens_map.json",
          "added_tokens.json",
          "vocab.json",
          "merges.txt",
          "chat_template.jinja");

  private final Path directory;
  private final Map<String, Integer> ids;
  private final Optional<TextPieces> pieces;
  private final Optional<JsonFile> config;
  private final Optional<JsonFile> specialTokensMap;

  private TokenizerFiles(Path directory, Map<String, Integer> ids, Optional<TextPieces> pieces) {
    this.directory = directory;
    this.ids = ids;
    this.pieces = pieces;
    this.config = JsonFile.readIfPresent(directory.resolve("tokenizer_config.json"), MAX_BYTES);
    this.specialTokensMap =
        JsonFile.readIfPresent(directory.resolve("special_tokens_map.json"), MAX_BYTES);
  }

  static boolean isPresent(Path directory) {
    return Files.isRegularFile(directory.resolve("tokenizer.json"));
  }

  /**
   * @throws ModelFormatException if tokenizer.json is missing or not a tokenizer
   */
  public static TokenizerFiles read(Path directory) {
    Path path = directory.resolve("tokenizer.json");
    if (!Files.isRegularFile(path)) {
      throw new ModelFormatException(
          String.format("Directory %s has no tokenizer.json, which is needed", directory));
    }
    JsonFile tokenizer = JsonFile.read(path, MAX_BYTES);
    Map<String, Integer> ids = new HashMap<>();
    addVocabulary(tokenizer, ids);
    for (JsonNode token : tokenizer.root().path("added_tokens")) {
      ids.put(token.path("content").asText(), id(tokenizer, token.path("id")));
    }
    if (ids.isEmpty()) {
      throw new ModelFormatException(path + " has no vocabulary");
    }
    return new TokenizerFiles(directory, ids, TextPieces.of(tokenizer.root()));
  }

  private static void addVocabulary(JsonFile tokenizer, Map<String, Integer> ids) {
    JsonNode vocabulary = tokenizer.root().path("model").path("vocab");
    if (vocabulary.isObject()) {
      vocabulary
          .fields()
          .forEachRemaining(field -> ids.put(field.getKey(), id(tokenizer, field.getValue())));
    }
    // Unigram models list [token, score] pairs; the id is the position.
    for (int i = 0; vocabulary.isArray() && i < vocabulary.size(); i++) {
      ids.put(vocabulary.get(i).path(0).asText(), i);
    }
  }

  private static int id(JsonFile file, JsonNode node) {
    return ModelTokens.id(file, "id", node);
  }

  /** One more than the highest token id: the rows a model needs. */
  public int vocabularySize() {
    return ids.values().stream().mapToInt(Integer::intValue).max().orElse(-1) + 1;
  }

  /** Where texts may be cut before they are encoded; empty if that is not known. */
  public Optional<TextPieces> pieces() {
    return pieces;
  }

  public OptionalInt id(String token) {
    Integer id = ids.get(token);
    return id == null ? OptionalInt.empty() : OptionalInt.of(id);
  }

  /**
   * Text of a special token such as {@code eos_token}, as tokenizer_config.json or
   * special_tokens_map.json names it.
   */
  public Optional<String> specialToken(String key) {
    return Stream.of(config, specialTokensMap)
        .flatMap(file -> file.flatMap(json -> json.value(key)).stream())
        .map(node -> node.isObject() ? node.path("content") : node)
        .filter(JsonNode::isTextual)
        .map(JsonNode::textValue)
        .findFirst();
  }

  /** Texts of all special tokens that have a name, by it: what chat templates know. */
  public Map<String, String> specialTokens() {
    Map<String, String> tokens = new HashMap<>();
    for (String key : SPECIAL_TOKENS) {
      specialToken(key).ifPresent(text -> tokens.put(key, text));
    }
    return tokens;
  }

  /**
   * The token that ends a response: the tokenizer's {@code eos_token}, else the first end token of
   * generation_config.json or config.json, else GPT-2's, as {@code transformers} has it.
   *
   * @throws ModelFormatException if there is none
   */
  public int endToken() {
    OptionalInt named = specialTokenId("eos_token");
    if (named.isPresent()) {
      return named.getAsInt();
    }
    int[] ofModel = ModelTokens.fromModelFiles(directory, "eos_token_id");
    if (ofModel.length > 0) {
      return ofModel[0];
    }
    return id(GPT2_END)
        .orElseThrow(
            () ->
                new ModelFormatException(
                    String.format(
                        "Directory %s names no end token: set \"eos_token\" in"
                            + " tokenizer_config.json",
                        directory)));
  }

  OptionalInt specialTokenId(String key) {
    Optional<String> token = specialToken(key);
    if (token.isEmpty()) {
      return OptionalInt.empty();
    }
    OptionalInt id = id(token.get());
    if (id.isEmpty()) {
      throw new ModelFormatException(
          String.format(
              "%s: \"%s\" is \"%s\", which is no token of tokenizer.json",
              directory.resolve("tokenizer_config.json"), key, token.get()));
    }
    return id;
  }

  /** The Jinja chat template, from chat_template.jinja or tokenizer_config.json. */
  public Optional<String> chatTemplate() {
    Path file = directory.resolve("chat_template.jinja");
    if (Files.isRegularFile(file)) {
      try {
        return Optional.of(Files.readString(file, StandardCharsets.UTF_8));
      } catch (IOException e) {
        throw new ModelFormatException(String.format("%s cannot be read: %s", file, e), e);
      }
    }
    return config.flatMap(json -> json.value("chat_template")).flatMap(TokenizerFiles::template);
  }

  /** One template, or a list of named ones, of which "default" counts. */
  private static Optional<String> template(JsonNode node) {
    if (node.isTextual()) {
      return Optional.of(node.textValue());
    }
    return IntStream.range(0, node.size())
        .mapToObj(node::path)
        .filter(named -> named.path("name").asText().equals("default"))
        .map(named -> named.path("template").asText())
        .findFirst();
  }
}
