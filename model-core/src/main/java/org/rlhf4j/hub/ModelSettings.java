package org.rlhf4j.hub;

import com.fasterxml.jackson.databind.ObjectWriter;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.IntStream;
import org.rlhf4j.decoder.DecoderHead;
import org.rlhf4j.decoder.DecoderModel;

/**
 * What a saved model takes over from the directory it started from: special tokens and generation
 * settings.
 *
 * @param endTokens the tokenizer's end token and those the start directory names; may be empty
 */
record ModelSettings(
    OptionalInt beginToken,
    int[] endTokens,
    OptionalInt paddingToken,
    Optional<ObjectNode> generation) {
  private static final ObjectWriter PRETTY = JsonFile.JSON.writerWithDefaultPrettyPrinter();

  static ModelSettings of(Path start) {
    Optional<TokenizerFiles> tokenizer =
        TokenizerFiles.isPresent(start)
            ? Optional.of(TokenizerFiles.read(start))
            : Optional.empty();
    Path generation = start.resolve("generation_config.json");
    return new ModelSettings(
        single(start, tokenizer, "bos_token"),
        endTokens(start, tokenizer),
        single(start, tokenizer, "pad_token"),
        JsonFile.readIfPresent(generation, ModelTokens.MAX_CONFIG_BYTES)
            .map(file -> file.root().deepCopy()));
  }

  private static OptionalInt single(Path start, Optional<TokenizerFiles> tokenizer, String key) {
    int[] ids = ModelTokens.fromModelFiles(start, key + "_id");
    if (ids.length > 0) {
      return OptionalInt.of(ids[0]);
    }
    return tokenizer.map(files -> files.specialTokenId(key)).orElse(OptionalInt.empty());
  }

  /** Training appends the tokenizer's end token, so generation must stop at it too. */
  private static int[] endTokens(Path start, Optional<TokenizerFiles> tokenizer) {
    IntStream own =
        tokenizer.map(files -> IntStream.of(files.endToken())).orElse(IntStream.empty());
    IntStream named = IntStream.of(ModelTokens.fromModelFiles(start, "eos_token_id"));
    return IntStream.concat(named, own).distinct().toArray();
  }

  void writeConfig(ModelFamily family, DecoderModel model, Path path) throws IOException {
    ObjectNode json = JsonFile.JSON.createObjectNode();
    json.putArray("architectures").add(family.architecture(model.head()));
    json.put("model_type", family.name());
    family.writeConfig(model.config(), json);
    if (model.head() == DecoderHead.SCALAR) {
      json.putObject("id2label").put("0", "LABEL_0");
      json.putObject("label2id").put("LABEL_0", 0);
    }
    putTokens(json);
    json.put("tie_word_embeddings", model.config().tiedEmbeddings());
    // Both names: readers of transformers before and after 4.56.
    json.put("dtype", "float32").put("torch_dtype", "float32");
    json.put("use_cache", true);
    json.put("vocab_size", model.config().vocabularySize());
    Files.write(path, PRETTY.writeValueAsBytes(json));
  }

  void writeGenerationConfig(Path path) throws IOException {
    ObjectNode json =
        generation.orElseGet(
            () -> JsonFile.JSON.createObjectNode().put("_from_model_config", true));
    putTokens(json);
    Files.write(path, PRETTY.writeValueAsBytes(json));
  }

  private void putTokens(ObjectNode json) {
    beginToken.ifPresent(id -> json.put("bos_token_id", id));
    paddingToken.ifPresent(id -> json.put("pad_token_id", id));
    if (endTokens.length == 1) {
      json.put("eos_token_id", endTokens[0]);
    } else if (endTokens.length > 1) {
      ArrayNode ids = json.putArray("eos_token_id");
      IntStream.of(endTokens).forEach(ids::add);
    }
  }
}
