package org.rlhf4j.hub;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.rlhf4j.decoder.DecoderConfig;
import org.rlhf4j.decoder.DecoderHead;
import org.rlhf4j.decoder.LlamaShape;

/**
 * Llama, Qwen2 and Mistral, each as {@code ...ForCausalLM} and {@code
 * ...ForSequenceClassification}. Absent keys have the defaults of the family's configuration class
 * in {@code transformers}.
 */
final class LlamaFamily implements ModelFamily {
  static final ModelFamily LLAMA =
      new LlamaFamily("llama", "Llama", new Defaults(32000, 11008, 0, 2048));
  static final ModelFamily QWEN2 =
      new LlamaFamily("qwen2", "Qwen2", new Defaults(151936, 22016, 32, 32768));
  static final ModelFamily MISTRAL =
      new LlamaFamily("mistral", "Mistral", new Defaults(32000, 14336, 8, 131072));

  private static final String PREFIX = "model.";
  private static final double NORM_EPSILON = 1e-6;
  private static final int WINDOW = 4096;

  /** Names of one function: x times its logistic. */
  private static final Set<String> ACTIVATIONS = Set.of("silu", "swish");

  /**
   * What the families do not have in common.
   *
   * @param kvHeads 0 means as many as heads
   */
  private record Defaults(int vocabulary, int intermediate, int kvHeads, int context) {}

  private final String name;
  private final String prefix;
  private final Defaults defaults;

  private LlamaFamily(String name, String prefix, Defaults defaults) {
    this.name = name;
    this.prefix = prefix;
    this.defaults = defaults;
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public String architecture(DecoderHead head) {
    return prefix + (head == DecoderHead.SCALAR ? "ForSequenceClassification" : "ForCausalLM");
  }

  @Override
  public DecoderConfig readConfig(JsonFile config) {
    String activation = config.text("hidden_act").orElse("silu");
    if (!ACTIVATIONS.contains(activation)) {
      throw config.unsupported("hidden_act", activation);
    }
    int hidden = config.positiveInt("hidden_size").orElse(4096);
    int heads = config.positiveInt("num_attention_heads").orElse(32);
    int kvHeads = kvHeads(config, heads);
    int context = config.positiveInt("max_position_embeddings").orElse(defaults.context());
    int layers = config.positiveInt("num_hidden_layers").orElse(32);
    return new DecoderConfig(
        name,
        layers,
        heads,
        kvHeads,
        hidden,
        config.positiveInt("intermediate_size").orElse(defaults.intermediate()),
        context,
        config.positiveInt("vocab_size").orElse(defaults.vocabulary()),
        config.flag("tie_word_embeddings", false),
        config.positiveNumber("rms_norm_eps").orElse(NORM_EPSILON),
        shape(config, headSize(config, hidden, heads), layers, context));
  }

  private int kvHeads(JsonFile config, int heads) {
    int usual =
        defaults.kvHeads() == 0 || config.isNull("num_key_value_heads")
            ? heads
            : defaults.kvHeads();
    int kvHeads = config.positiveInt("num_key_value_heads").orElse(usual);
    if (heads % kvHeads != 0) {
      throw new ModelFormatException(
          String.format(
              "%s: \"num_attention_heads\" (%d) must be a multiple of \"num_key_value_heads\" (%d)",
              config.path(), heads, kvHeads));
    }
    return kvHeads;
  }

  private static int headSize(JsonFile config, int hidden, int heads) {
    Optional<Integer> given = config.positiveInt("head_dim").stream().boxed().findFirst();
    if (given.isEmpty() && hidden % heads != 0) {
      throw new ModelFormatException(
          String.format(
              "%s: \"hidden_size\" (%d) must be a multiple of \"num_attention_heads\" (%d)",
              config.path(), hidden, heads));
    }
    int size = given.orElse(hidden / heads);
    if (size % 2 != 0) {
      throw new ModelFormatException(
          String.format(
              "%s: rotary positions need an even width of each head, but it is %d",
              config.path(), size));
    }
    // Keys and values have as many heads at most, so that sums of the three stay in range, too.
    if ((long) size * heads > Integer.MAX_VALUE / 4) {
      throw new ModelFormatException(
          String.format("%s: %d heads of %d are impossibly large", config.path(), heads, size));
    }
    return size;
  }

  private LlamaShape shape(JsonFile config, int headSize, int layers, int context) {
    boolean llama = name.equals("llama");
    boolean attentionBias = llama && config.flag("attention_bias", false);
    int slidingFrom = slidingFrom(config, layers);
    return new LlamaShape(
        headSize,
        attentionBias || name.equals("qwen2"),
        attentionBias,
        llama && config.flag("mlp_bias", false),
        slidingFrom < layers ? config.positiveInt("sliding_window").orElse(WINDOW) : 0,
        slidingFrom < layers ? slidingFrom : 0,
        RotarySettings.read(config, context));
  }

  /** First layer with a sliding window; the number of layers where none has one. */
  private int slidingFrom(JsonFile config, int layers) {
    if (name.equals("llama") || config.isNull("sliding_window")) {
      return layers;
    }
    if (name.equals("mistral")) {
      return 0;
    }
    if (!config.flag("use_sliding_window", false)) {
      return layers;
    }
    Optional<JsonNode> types = config.value("layer_types");
    return types.isPresent()
        ? slidingFrom(config, types.get(), layers)
        : Math.min(config.nonNegativeInt("max_window_layers").orElse(28), layers);
  }

  private static int slidingFrom(JsonFile config, JsonNode types, int layers) {
    int first = layers;
    for (int layer = 0; layer < layers; layer++) {
      String type = types.path(layer).asText();
      boolean sliding = type.equals("sliding_attention");
      if ((!sliding && !type.equals("full_attention")) || (!sliding && first < layer)) {
        throw config.unsupported("layer_types", types.toString());
      }
      first = sliding ? Math.min(first, layer) : first;
    }
    return first;
  }

  @Override
  public void writeConfig(DecoderConfig config, ObjectNode json) {
    LlamaShape shape = config.llama();
    json.put("attention_dropout", 0.0);
    json.put("head_dim", shape.headSize());
    json.put("hidden_act", "silu");
    json.put("hidden_size", config.hiddenSize());
    json.put("initializer_range", 0.02);
    json.put("intermediate_size", config.intermediateSize());
    json.put("max_position_embeddings", config.contextLength());
    json.put("num_attention_heads", config.heads());
    json.put("num_hidden_layers", config.layers());
    json.put("num_key_value_heads", config.kvHeads());
    json.put("rms_norm_eps", config.normEpsilon());
    RotarySettings.write(shape.rotary(), json);
    if (name.equals("llama")) {
      json.put("attention_bias", shape.outputBias()).put("mlp_bias", shape.mlpBias());
      return;
    }
    boolean sliding = shape.slidingWindow() > 0;
    if (sliding) {
      json.put("sliding_window", shape.slidingWindow());
    } else {
      json.putNull("sliding_window");
    }
    if (name.equals("qwen2")) {
      json.put("max_window_layers", sliding ? shape.slidingFrom() : config.layers());
      json.put("use_sliding_window", sliding);
    }
  }

  @Override
  public List<String> fileNames(String tensor) {
    return tensor.startsWith(PREFIX)
        ? List.of(tensor, tensor.substring(PREFIX.length()))
        : List.of(tensor);
  }

  /** Angles that old files hold, and the copy of the embedding that tied files may hold. */
  @Override
  public boolean isIgnored(String fileTensor) {
    return fileTensor.endsWith(".rotary_emb.inv_freq") || fileTensor.equals("lm_head.weight");
  }
}
