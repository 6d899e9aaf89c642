package org.rlhf4j.decoder;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Names (as in Hugging Face files), shapes and offsets of a decoder's parameters in one flat
 * vector.
 *
 * <p>With {@link Adapters} that vector has two parts in two places: first all weights that are
 * frozen, then what is trained. The scalar head stands last in a model, so that it can be trained
 * in full beside the adapters that follow it.
 */
public final class ParameterLayout {
  /** The scalar head, [1, H]. */
  static final String SCORE = "score.weight";

  private static final String WEIGHT = ".weight";

  /**
   * One tensor of the flat vector, row major.
   *
   * @param name name in {@code model.safetensors}, e.g. {@code transformer.h.0.attn.c_attn.weight}
   *     or {@code score.weight}
   * @param shape as stored in the file
   * @param offset first element in the flat vector
   */
  public record Entry(String name, int[] shape, long offset) {
    /** Number of elements. */
    public long size() {
      long size = 1;
      for (int dimension : shape) {
        size *= dimension;
      }
      return size;
    }
  }

  private final Map<String, Entry> entries = new LinkedHashMap<>();
  private long size;
  private long frozenSize;
  private Adapters adapters = Adapters.NONE;

  private ParameterLayout() {}

  /** The layout of a shape with a head; the order is that of {@code transformers}' state dict. */
  public static ParameterLayout of(DecoderConfig config, DecoderHead head) {
    ParameterLayout layout = new ParameterLayout();
    if (config.isGpt2()) {
      layout.addGpt2(config);
    } else if (config.isLlamaLike()) {
      layout.addLlama(config);
    } else {
      throw new IllegalArgumentException("Unknown model family: " + config.family());
    }
    if (head == DecoderHead.SCALAR) {
      layout.add(SCORE, 1, config.hiddenSize());
    } else if (!config.tiedEmbeddings()) {
      layout.add("lm_head.weight", config.vocabularySize(), config.hiddenSize());
    }
    return layout;
  }

  /** The same with adapters; {@link Adapters#NONE} adds nothing and freezes nothing. */
  public static ParameterLayout of(DecoderConfig config, DecoderHead head, Adapters adapters) {
    ParameterLayout layout = of(config, head);
    if (!adapters.exist()) {
      return layout;
    }
    layout.adapters = adapters;
    layout.frozenSize = head == DecoderHead.SCALAR ? layout.entry(SCORE).offset() : layout.size;
    for (String layer : layout.linearLayers()) {
      if (adapters.adapt(layer)) {
        int[] shape = layout.entry(layer + WEIGHT).shape();
        layout.add(Adapters.down(layer), adapters.rank(), config.isGpt2() ? shape[0] : shape[1]);
        layout.add(Adapters.up(layer), config.isGpt2() ? shape[1] : shape[0], adapters.rank());
      }
    }
    return layout;
  }

  private void addGpt2(DecoderConfig config) {
    int hidden = config.hiddenSize();
    add("transformer.wte.weight", config.vocabularySize(), hidden);
    add("transformer.wpe.weight", config.contextLength(), hidden);
    for (int layer = 0; layer < config.layers(); layer++) {
      String prefix = "transformer.h." + layer + ".";
      addNorm(prefix + "ln_1", hidden);
      addConv1d(prefix + "attn.c_attn", hidden, 3 * hidden);
      addConv1d(prefix + "attn.c_proj", hidden, hidden);
      addNorm(prefix + "ln_2", hidden);
      addConv1d(prefix + "mlp.c_fc", hidden, config.intermediateSize());
      addConv1d(prefix + "mlp.c_proj", config.intermediateSize(), hidden);
    }
    addNorm("transformer.ln_f", hidden);
  }

  private void addLlama(DecoderConfig config) {
    int hidden = config.hiddenSize();
    int inner = config.intermediateSize();
    int queries = config.heads() * config.headSize();
    int keys = config.kvHeads() * config.headSize();
    LlamaShape llama = config.llama();
    add("model.embed_tokens.weight", config.vocabularySize(), hidden);
    for (int layer = 0; layer < config.layers(); layer++) {
      String prefix = "model.layers." + layer + ".";
      addLinear(prefix + "self_attn.q_proj", hidden, queries, llama.attentionBias());
      addLinear(prefix + "self_attn.k_proj", hidden, keys, llama.attentionBias());
      addLinear(prefix + "self_attn.v_proj", hidden, keys, llama.attentionBias());
      addLinear(prefix + "self_attn.o_proj", queries, hidden, llama.outputBias());
      addLinear(prefix + "mlp.gate_proj", hidden, inner, llama.mlpBias());
      addLinear(prefix + "mlp.up_proj", hidden, inner, llama.mlpBias());
      addLinear(prefix + "mlp.down_proj", inner, hidden, llama.mlpBias());
      add(prefix + "input_layernorm.weight", hidden);
      add(prefix + "post_attention_layernorm.weight", hidden);
    }
    add("model.norm.weight", hidden);
  }

  /** A usual linear layer: the weight is stored [out, in]. */
  private void addLinear(String name, int inputs, int outputs, boolean bias) {
    add(name + ".weight", outputs, inputs);
    if (bias) {
      add(name + ".bias", outputs);
    }
  }

  private void addNorm(String name, int width) {
    add(name + ".weight", width);
    add(name + ".bias", width);
  }

  /** GPT-2's linear layer: the weight is stored [in, out]. */
  private void addConv1d(String name, int inputs, int outputs) {
    add(name + ".weight", inputs, outputs);
    add(name + ".bias", outputs);
  }

  private void add(String name, int... shape) {
    Entry entry = new Entry(name, shape, size);
    entries.put(name, entry);
    size += entry.size();
  }

  /** In the order of the flat vector, without gaps. */
  public List<Entry> entries() {
    return new ArrayList<>(entries.values());
  }

  /** The tensor of this name. */
  public Entry entry(String name) {
    Entry entry = entries.get(name);
    if (entry == null) {
      throw new IllegalArgumentException("No parameter is called " + name);
    }
    return entry;
  }

  /** Whether there is a tensor of this name. */
  public boolean contains(String name) {
    return entries.containsKey(name);
  }

  /** Place of the tensor of this name in {@link #entries}. */
  int index(String name) {
    int index = new ArrayList<>(entries.keySet()).indexOf(name);
    if (index < 0) {
      throw new IllegalArgumentException("No parameter is called " + name);
    }
    return index;
  }

  /** Elements of the flat vector. */
  public long size() {
    return size;
  }

  /** Elements of its first part, which is not trained. */
  long frozenSize() {
    return frozenSize;
  }

  boolean isTrained(Entry entry) {
    return entry.offset() >= frozenSize;
  }

  /** The second part as a vector of its own; all of this where nothing is frozen. */
  public ParameterLayout trained() {
    ParameterLayout part = new ParameterLayout();
    entries.values().stream()
        .filter(this::isTrained)
        .forEach(entry -> part.add(entry.name(), entry.shape()));
    return part;
  }

  /** The same with one more tensor at its end. */
  public ParameterLayout with(Entry entry) {
    ParameterLayout extended = new ParameterLayout();
    entries.values().forEach(own -> extended.add(own.name(), own.shape()));
    extended.add(entry.name(), entry.shape());
    return extended;
  }

  /** Names of the linear layers inside the blocks: those that can have an adapter. */
  List<String> linearLayers() {
    return entries.values().stream()
        .filter(entry -> entry.shape().length == 2 && entry.name().matches(".+\\.\\d+\\..+"))
        .map(entry -> entry.name().substring(0, entry.name().length() - WEIGHT.length()))
        .toList();
  }

  Adapters adapters() {
    return adapters;
  }
}
