package org.rlhf4j.hub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.rlhf4j.decoder.Decoder;
import org.rlhf4j.decoder.DecoderConfig;
import org.rlhf4j.decoder.DecoderHead;
import org.rlhf4j.decoder.DecoderModel;
import org.rlhf4j.decoder.LlamaShape;
import org.rlhf4j.decoder.RotaryScaling;
import org.rlhf4j.decoder.RotaryShape;
import org.rlhf4j.decoder.TokenBatch;

/** Directories of transformers, from their config.json to what the model computes. */
class TestLlamaFamily {
  private static final float TOLERANCE = 1e-4f; // of outputs up to about 10, float32

  @TempDir Path directory;

  @ParameterizedTest
  @ValueSource(
      strings = {
        "llama",
        "llama-biases",
        "llama-scalar",
        "mistral",
        "mistral-scalar",
        "qwen2",
        "qwen2-scalar"
      })
  void computesWhatTransformersComputes(String name) throws IOException {
    DecoderModel model = ModelDirectory.load(GoldenModels.ROOT.resolve(name));

    assertThat(GoldenModels.differences(model)).isEmpty();
    assertExpectedOutputs(name, model);
  }

  private static void assertExpectedOutputs(String name, DecoderModel model) throws IOException {
    JsonNode expected =
        new ObjectMapper().readTree(GoldenModels.ROOT.resolve("expected.json").toFile());
    int[] tokens = ints(expected.get("tokens"));
    int first = model.head() == DecoderHead.SCALAR ? 0 : 1;
    int[] targets = IntStream.range(first, tokens.length).toArray();
    float[] outputs = new float[targets.length];
    TokenBatch batch = new TokenBatch(tokens, new int[] {0, tokens.length}, targets);
    try (Decoder decoder = new Decoder(model.config(), model.head(), 1)) {
      decoder.evaluate(model.weights(), batch, 1.0, outputs);
    }
    JsonNode golden = expected.get("outputs").get(name);
    assertThat(outputs).hasSize(golden.size());
    for (int i = 0; i < outputs.length; i++) {
      assertThat(outputs[i])
          .as("output " + i)
          .isCloseTo((float) golden.get(i).asDouble(), within(TOLERANCE));
    }
  }

  private static int[] ints(JsonNode array) {
    return IntStream.range(0, array.size()).map(i -> array.get(i).intValue()).toArray();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "llama",
        "llama-biases",
        "llama-scalar",
        "mistral",
        "mistral-scalar",
        "qwen2",
        "qwen2-scalar"
      })
  void readsWhatItWrites(String name) {
    DecoderModel model = ModelDirectory.load(GoldenModels.ROOT.resolve(name));
    ModelDirectory.save(model, GoldenModels.ROOT.resolve(name), directory);
    DecoderModel again = ModelDirectory.load(directory);
    assertThat(again.config()).isEqualTo(model.config());
    assertThat(again.head()).isEqualTo(model.head());
    assertThat(GoldenModels.differences(again)).isEmpty();
    assertThat(ModelDirectory.endTokens(directory)).containsExactly(0);
  }

  @Test
  void readsSettingsAsTransformersBeforeVersionFiveWroteThem() throws IOException {
    Path model = GoldenModels.copy("llama", directory.resolve("model"));
    rewrite(
        model,
        "\"rope_parameters\": {",
        "\"rope_theta\": 100.0, \"rope_scaling\": {\"ignored\": 1,");
    rewrite(model, "\"rope_theta\": 100.0,\n    \"rope_type\"", "\"type\"");
    rewrite(model, "\"dtype\"", "\"torch_dtype\"");
    assertThat(Files.readString(model.resolve("config.json"))).doesNotContain("rope_parameters");

    DecoderModel old = ModelDirectory.load(model);

    assertThat(old.config())
        .isEqualTo(
            new DecoderConfig(
                "llama",
                2,
                2,
                1,
                8,
                6,
                16,
                10,
                true,
                1e-6,
                new LlamaShape(
                    4,
                    false,
                    false,
                    false,
                    0,
                    0,
                    new RotaryShape(100, new RotaryScaling.Llama3(4, 1, 4, 8)))));
    assertExpectedOutputs("llama", old);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "mistral|\"sliding_window\": 3|\"sliding_window\": null|0|0",
        "mistral|\"sliding_window\": 3|\"use_cache\": true|4096|0",
        "qwen2|\"use_sliding_window\": true|\"use_sliding_window\": false|0|0",
        "qwen2|\"layer_types\"|\"other\"|4|1",
        "qwen2|\"full_attention\"|\"sliding_attention\"|4|0",
      })
  void readsSlidingWindows(String name, String found, String replacement, int window, int from)
      throws IOException {
    Path model = GoldenModels.copy(name, directory.resolve("model"));
    rewrite(model, found, replacement);
    LlamaShape shape = ModelDirectory.load(model).config().llama();
    assertThat(shape.slidingWindow()).isEqualTo(window);
    assertThat(shape.slidingFrom()).isEqualTo(from);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "llama|\"silu\"|\"gelu\"|config.json: \"hidden_act\": \"gelu\" is not supported",
        "llama|\"llama3\"|\"longrope\"|config.json: \"rope_type\": \"longrope\" is not supported",
        "llama|\"low_freq_factor\"|\"other\"|config.json: the rotary scaling needs \"low_freq_factor\", but it is not there",
        "llama|\"factor\": 4.0|\"factor\": -4.0|config.json: \"factor\" must be a positive number, but is -4.0",
        "llama|\"rope_type\"|\"partial_rotary_factor\": 0.5, \"rope_type\"|\"partial_rotary_factor\": \"0.5\" is not supported",
        "llama|\"rope_type\"|\"full_attention\": {}, \"rope_type\"|config.json: \"rope_parameters\": ",
        "llama|\"num_key_value_heads\": 1|\"num_key_value_heads\": 3|\"num_attention_heads\" (2) must be a multiple of \"num_key_value_heads\" (3)",
        "llama|\"head_dim\": 4|\"head_dim\": 3|need an even width of each head, but it is 3",
        "llama|\"head_dim\": 4|\"head_dim\": 2000000000|2 heads of 2000000000 are impossibly large",
        "llama|\"head_dim\": 4|\"head_dim\": 6|q_proj.weight has shape [8, 8], but config.json asks for [12, 8]",
        "qwen2|\"hidden_size\": 8|\"hidden_size\": 7|\"hidden_size\" (7) must be a multiple of \"num_attention_heads\" (2)",
        "qwen2|\"sliding_attention\"|\"linear_attention\"|config.json: \"layer_types\": ",
        "mistral|\"sliding_window\": 3|\"sliding_window\": -3|\"sliding_window\" must be a positive integer",
        "llama|\"tie_word_embeddings\": true|\"tie_word_embeddings\": false|model.safetensors has no tensor lm_head.weight",
      })
  void namesWhatIsWrongInTheConfiguration(
      String name, String found, String replacement, String message) throws IOException {
    Path model = GoldenModels.copy(name, directory.resolve("model"));
    rewrite(model, found, replacement);
    assertThatThrownBy(() -> ModelDirectory.load(model))
        .isInstanceOf(ModelFormatException.class)
        .hasMessageContaining(message);
  }

  private static void rewrite(Path model, String found, String replacement) throws IOException {
    Path config = model.resolve("config.json");
    String text = Files.readString(config);
    assertThat(text).contains(found);
    Files.writeString(config, text.replace(found, replacement));
  }
}
