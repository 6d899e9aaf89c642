package org.rlhf4j.config;

import static org.rlhf4j.config.ConfigException.check;

import java.util.Set;

/** Shape of a new model. */
public record ModelConfig(
    @Config(value = "family", doc = "Architecture: gpt2, llama, qwen2 or mistral") String family,
    @Config(value = "layers", doc = "Decoder blocks") int layers,
    @Config(value = "heads", doc = "Attention heads per block") int heads,
    @Config(value = "kv-heads", doc = "Key and value heads per block; 0 means as many as heads")
        int kvHeads,
    @Config(value = "hidden-size", doc = "Width H of the residual stream") int hiddenSize,
    @Config(
            value = "intermediate-size",
            doc =
                "Width of the feed-forward layer; 0 means the family's usual: 4 H for gpt2, else 8/3 H"
                    + " rounded up to a multiple of 32")
        int intermediateSize,
    @Config(value = "context-length", doc = "Longest sequence, tokens") int contextLength,
    @Config(value = "tied-embeddings", doc = "Whether the output layer is the token embedding")
        boolean tiedEmbeddings) {
  private static final Set<String> FAMILIES = Set.of("gpt2", "llama", "qwen2", "mistral");

  public static final ModelConfig DEFAULTS = new ModelConfig("gpt2", 4, 4, 0, 256, 0, 256, true);

  public ModelConfig {
    check(
        FAMILIES.contains(family),
        "model.family must be gpt2, llama, qwen2 or mistral, but is %s",
        family);
    check(kvHeads >= 0, "model.kv-heads must not be negative, but is %s", kvHeads);
    check(
        intermediateSize >= 0,
        "model.intermediate-size must not be negative, but is %s",
        intermediateSize);
    check(layers > 0, "model.layers must be positive, but is %s", layers);
    check(heads > 0, "model.heads must be positive, but is %s", heads);
    check(
        hiddenSize > 0 && hiddenSize % heads == 0,
        "model.hidden-size must be a positive multiple of model.heads (%s), but is %s",
        heads,
        hiddenSize);
    checkHeads(family, heads, kvHeads, hiddenSize);
    check(contextLength > 0, "model.context-length must be positive, but is %s", contextLength);
  }

  private static void checkHeads(String family, int heads, int kvHeads, int hiddenSize) {
    if (family.equals("gpt2")) {
      check(
          kvHeads == 0 || kvHeads == heads,
          "model.kv-heads must be 0 or model.heads (%s) for the family gpt2, but is %s",
          heads,
          kvHeads);
      return;
    }
    check(
        kvHeads == 0 || heads % kvHeads == 0,
        "model.kv-heads must divide model.heads (%s), but is %s",
        heads,
        kvHeads);
    check(
        hiddenSize / heads % 2 == 0,
        "model.hidden-size must be an even multiple of model.heads (%s) for the family %s, but is %s",
        heads,
        family,
        hiddenSize);
  }
}
