package org.rlhf4j.hub;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Set;
import org.rlhf4j.decoder.DecoderConfig;
import org.rlhf4j.decoder.DecoderHead;

/**
 * GPT-2: {@code GPT2LMHeadModel} and {@code GPT2ForSequenceClassification}. Absent keys have the
 * defaults of {@code transformers.GPT2Config}.
 */
final class Gpt2Family implements ModelFamily {
  private static final String PREFIX = "transformer.";
  private static final double NORM_EPSILON = 1e-5;
  private static final int FEED_FORWARD_MULTIPLE = 4;

  /** Names of one function: the tanh approximation of GELU. */
  private static final Set<String> ACTIVATIONS =
      Set.of("gelu_new", "gelu_pytorch_tanh", "gelu_fast");

  @Override
  public String name() {
    return "gpt2";
  }

  @Override
  public String architecture(DecoderHead head) {
    return head == DecoderHead.SCALAR ? "GPT2ForSequenceClassification" : "GPT2LMHeadModel";
  }

  @Override
  public DecoderConfig readConfig(JsonFile config) {
    String activation = config.text("activation_function").orElse("gelu_new");
    if (!ACTIVATIONS.contains(activation)) {
      throw config.unsupported("activation_function", activation);
    }
    refuseUnless(config, "scale_attn_weights", true);
    refuseUnless(config, "scale_attn_by_inverse_layer_idx", false);
    refuseUnless(config, "add_cross_attention", false);
    int hidden = config.positiveInt("n_embd", "hidden_size").orElse(768);
    int heads = config.positiveInt("n_head", "num_attention_heads").orElse(12);
    int layers = config.positiveInt("n_layer", "num_hidden_layers").orElse(12);
    int context =
        config.positiveInt("n_positions", "max_position_embeddings", "n_ctx").orElse(1024);
    int inner = config.positiveInt("n_inner").orElse(multiple(config, hidden));
    if (hidden % heads != 0) {
      throw new ModelFormatException(
          String.format(
              "%s: \"n_embd\" (%d) must be a multiple of \"n_head\" (%d)",
              config.path(), hidden, heads));
    }
    return new DecoderConfig(
        name(),
        layers,
        heads,
        heads,
        hidden,
        inner,
        context,
        config.positiveInt("vocab_size").orElse(50257),
        config.flag("tie_word_embeddings", true),
        config.positiveNumber("layer_norm_epsilon").orElse(NORM_EPSILON));
  }

  private static int multiple(JsonFile config, int hidden) {
    try {
      return Math.multiplyExact(FEED_FORWARD_MULTIPLE, hidden);
    } catch (ArithmeticException e) {
      throw new ModelFormatException(
          String.format("%s: \"n_embd\" is impossibly large: %d", config.path(), hidden), e);
    }
  }

  private static void refuseUnless(JsonFile config, String key, boolean supported) {
    if (config.flag(key, supported) != supported) {
      throw config.unsupported(key, String.valueOf(!supported));
    }
  }

  @Override
  public void writeConfig(DecoderConfig config, ObjectNode json) {
    json.put("activation_function", "gelu_new");
    json.put("add_cross_attention", false);
    json.put("attn_pdrop", 0.0).put("embd_pdrop", 0.0).put("resid_pdrop", 0.0);
    json.put("initializer_range", 0.02);
    json.put("layer_norm_epsilon", config.normEpsilon());
    json.put("n_ctx", config.contextLength());
    json.put("n_embd", config.hiddenSize());
    json.put("n_head", config.heads());
    if (config.intermediateSize() == FEED_FORWARD_MULTIPLE * config.hiddenSize()) {
      json.putNull("n_inner");
    } else {
      json.put("n_inner", config.intermediateSize());
    }
    json.put("n_layer", config.layers());
    json.put("n_positions", config.contextLength());
    json.put("reorder_and_upcast_attn", false);
    json.put("scale_attn_by_inverse_layer_idx", false);
    json.put("scale_attn_weights", true);
  }

  @Override
  public List<String> fileNames(String tensor) {
    return tensor.startsWith(PREFIX)
        ? List.of(tensor, tensor.substring(PREFIX.length()))
        : List.of(tensor);
  }

  /** Causal-mask buffers of old files, and the copy of the embedding that tied files may hold. */
  @Override
  public boolean isIgnored(String fileTensor) {
    return fileTensor.endsWith(".attn.bias")
        || fileTensor.endsWith(".attn.masked_bias")
        || fileTensor.equals("lm_head.weight");
  }
}
