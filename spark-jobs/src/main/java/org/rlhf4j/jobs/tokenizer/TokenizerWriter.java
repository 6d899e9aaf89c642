package org.rlhf4j.jobs.tokenizer;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Writes a byte-level BPE tokenizer as {@code tokenizer.json} and {@code tokenizer_config.json}.
 */
final class TokenizerWriter {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final Vocabulary vocabulary;
  private final String endToken;

  TokenizerWriter(Vocabulary vocabulary, String endToken) {
    this.vocabulary = vocabulary;
    this.endToken = endToken;
  }

  void writeTo(Path directory) throws IOException {
    write(directory.resolve("tokenizer.json"), tokenizer());
    write(directory.resolve("tokenizer_config.json"), configuration());
  }

  private static void write(Path path, ObjectNode json) throws IOException {
    Files.write(path, JSON.writerWithDefaultPrettyPrinter().writeValueAsBytes(json));
  }

  private ObjectNode tokenizer() {
    ObjectNode root = JSON.createObjectNode().put("version", "1.0");
    root.putNull("truncation").putNull("padding");
    ObjectNode end = root.putArray("added_tokens").addObject();
    end.put("id", vocabulary.tokens().indexOf(endToken)).put("content", endToken);
    end.put("single_word", false).put("lstrip", false).put("rstrip", false);
    end.put("normalized", false).put("special", true);
    root.putNull("normalizer");
    root.set("pre_tokenizer", byteLevel());
    root.putNull("post_processor");
    root.set("decoder", byteLevel());
    root.set("model", model());
    return root;
  }

  private static ObjectNode byteLevel() {
    return JSON.createObjectNode()
        .put("type", "ByteLevel")
        .put("add_prefix_space", false)
        .put("trim_offsets", true)
        .put("use_regex", true);
  }

  private ObjectNode model() {
    ObjectNode model = JSON.createObjectNode().put("type", "BPE");
    model.putNull("dropout").putNull("unk_token");
    model.putNull("continuing_subword_prefix").putNull("end_of_word_suffix");
    model.put("fuse_unk", false).put("byte_fallback", false).put("ignore_merges", false);
    ObjectNode ids = model.putObject("vocab");
    for (int id = 0; id < vocabulary.size(); id++) {
      ids.put(vocabulary.tokens().get(id), id);
    }
    // "left right" is read by all versions of the format; no byte's character is a space.
    ArrayNode merges = model.putArray("merges");
    vocabulary.merges().forEach(merge -> merges.add(merge.left() + " " + merge.right()));
    return model;
  }

  private ObjectNode configuration() {
    return JSON.createObjectNode()
        .put("add_prefix_space", false)
        .put("bos_token", endToken)
        .put("clean_up_tokenization_spaces", false)
        .put("eos_token", endToken)
        .put("tokenizer_class", "PreTrainedTokenizerFast")
        .put("unk_token", endToken);
  }
}
