package org.rlhf4j.decoder;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import org.rlhf4j.tensor.Floats;

/** A fixture of {@code scripts/golden/decoder.py} and the model it was made with. */
public record GoldenModel(String name, JsonNode json, DecoderModel model) {
  public static GoldenModel load(String name) {
    String path = "/golden/decoder_" + name + ".json";
    try (InputStream stream = GoldenModel.class.getResourceAsStream(path)) {
      JsonNode json = new ObjectMapper().readTree(stream);
      DecoderHead head =
          json.get("head").asText().equals("scalar")
              ? DecoderHead.SCALAR
              : DecoderHead.LANGUAGE_MODEL;
      DecoderConfig config = config(json.get("config"));
      return new GoldenModel(name, json, fill(config, head, json.get("seed").asLong()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static DecoderConfig config(JsonNode json) {
    String family = json.get("model_type").asText();
    return family.equals("gpt2") ? gpt2(json) : llama(family, json);
  }

  private static DecoderConfig llama(String family, JsonNode json) {
    int heads = json.get("num_attention_heads").asInt();
    int hidden = json.get("hidden_size").asInt();
    boolean attentionBias = json.path("attention_bias").asBoolean(false);
    JsonNode rope = json.get("rope_parameters");
    return new DecoderConfig(
        family,
        json.get("num_hidden_layers").asInt(),
        heads,
        json.get("num_key_value_heads").asInt(),
        hidden,
        json.get("intermediate_size").asInt(),
        json.get("max_position_embeddings").asInt(),
        json.get("vocab_size").asInt(),
        json.get("tie_word_embeddings").asBoolean(),
        json.get("rms_norm_eps").asDouble(),
        new LlamaShape(
            json.path("head_dim").asInt(hidden / heads),
            attentionBias || family.equals("qwen2"),
            attentionBias,
            json.path("mlp_bias").asBoolean(false),
            json.path("sliding_window").asInt(0),
            json.path("sliding_window").isInt() ? json.path("max_window_layers").asInt(0) : 0,
            new RotaryShape(rope.get("rope_theta").asDouble(), scaling(rope))));
  }

  private static RotaryScaling scaling(JsonNode rope) {
    double factor = rope.path("factor").asDouble();
    int original = rope.path("original_max_position_embeddings").asInt();
    return switch (rope.get("rope_type").asText()) {
      case "linear" -> new RotaryScaling.Linear(factor);
      case "llama3" ->
          new RotaryScaling.Llama3(
              factor,
              rope.get("low_freq_factor").asDouble(),
              rope.get("high_freq_factor").asDouble(),
              original);
      case "yarn" ->
          new RotaryScaling.Yarn(
              factor,
              original,
              rope.get("beta_fast").asDouble(),
              rope.get("beta_slow").asDouble(),
              0.1 * Math.log(factor) + 1.0,
              true);
      default -> new RotaryScaling.Unscaled();
    };
  }

  private static DecoderConfig gpt2(JsonNode json) {
    int hidden = json.get("n_embd").asInt();
    int heads = json.get("n_head").asInt();
    int inner = json.get("n_inner").isNull() ? 4 * hidden : json.get("n_inner").asInt();
    return new DecoderConfig(
        "gpt2",
        json.get("n_layer").asInt(),
        heads,
        heads,
        hidden,
        inner,
        json.get("n_positions").asInt(),
        json.get("vocab_size").asInt(),
        json.get("tie_word_embeddings").asBoolean(),
        json.get("layer_norm_epsilon").asDouble());
  }

  /** The adapters of a fixture that has some; their values follow the same formula. */
  public AdaptedModel adapted() {
    JsonNode lora = json.get("lora");
    List<String> targets = new ArrayList<>();
    lora.get("targets").forEach(target -> targets.add(target.asText()));
    Adapters adapters =
        new Adapters(lora.get("rank").asInt(), lora.get("alpha").asDouble(), targets);
    ParameterLayout layout = ParameterLayout.of(model.config(), model.head(), adapters).trained();
    return new AdaptedModel(model, adapters, fill(layout, json.get("seed").asLong()));
  }

  /** The closed formula of the fixtures' weights. */
  public static DecoderModel fill(DecoderConfig config, DecoderHead head, long seed) {
    return new DecoderModel(config, head, fill(ParameterLayout.of(config, head), seed));
  }

  private static Floats fill(ParameterLayout layout, long seed) {
    Floats weights = Floats.allocate(layout.size());
    for (ParameterLayout.Entry entry : layout.entries()) {
      long key = key(seed, entry.name());
      boolean vector = entry.shape().length == 1;
      double shift = vector && entry.name().endsWith("weight") ? 1.0 : 0.0;
      for (long i = 0; i < entry.size(); i++) {
        double value = 2.0 * CounterRandom.uniform(key, i) - 1.0;
        weights.set(entry.offset() + i, (float) ((vector ? 0.2 : 0.3) * value + shift));
      }
    }
    return weights;
  }

  private static long key(long seed, String name) {
    return CounterRandom.key(seed, name.getBytes(StandardCharsets.UTF_8));
  }

  public int[][] sequences() {
    JsonNode lengths = json.get("lengths");
    long key = key(json.get("seed").asLong(), "tokens");
    int[][] rows = new int[lengths.size()][];
    int counter = 0;
    for (int i = 0; i < rows.length; i++) {
      rows[i] = new int[lengths.get(i).asInt()];
      for (int t = 0; t < rows[i].length; t++) {
        rows[i][t] =
            (int) (CounterRandom.uniform(key, counter++) * model.config().vocabularySize());
      }
    }
    return rows;
  }

  /** All sequences, with the targets that the fixture has outputs for. */
  public TokenBatch batch() {
    int first = model.head() == DecoderHead.SCALAR ? 0 : json.get("first_target").asInt();
    return TestBatches.of(first, sequences());
  }

  /** d loss / d outputs that the fixture's gradients belong to. */
  public float[] coefficients() {
    long key = key(json.get("seed").asLong(), "coefficients");
    float[] values = new float[batch().targets().length];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) (2.0 * CounterRandom.uniform(key, i) - 1.0);
    }
    return values;
  }

  public double temperature() {
    return json.get("temperature").asDouble();
  }

  public float[] floats(String field) {
    return decode(json.get(field).asText());
  }

  public float[] gradient(String parameter) {
    return decode(json.get("gradients").get(parameter).asText());
  }

  private static float[] decode(String text) {
    ByteBuffer bytes = ByteBuffer.wrap(Base64.getDecoder().decode(text));
    float[] values = new float[bytes.remaining() / Float.BYTES];
    bytes.order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer().get(values);
    return values;
  }
}
