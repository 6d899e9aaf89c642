package org.rlhf4j.hub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.rlhf4j.decoder.DecoderConfig;
import org.rlhf4j.decoder.DecoderHead;
import org.rlhf4j.decoder.DecoderModel;

class TestModelDirectory {
  private static final Path TOKENIZER = Path.of("src/test/resources/golden/tokenizer");

  @TempDir Path directory;

  @ParameterizedTest
  @ValueSource(strings = {"language-model", "untied", "half", "bfloat16", "sharded", "old"})
  void readsLanguageModelsOfTransformers(String name) {
    DecoderModel model = ModelDirectory.load(GoldenModels.ROOT.resolve(name));
    assertThat(model.config())
        .isEqualTo(new DecoderConfig("gpt2", 2, 2, 2, 4, 16, 6, 10, !name.equals("untied"), 1e-5));
    assertThat(model.head()).isEqualTo(DecoderHead.LANGUAGE_MODEL);
    assertThat(GoldenModels.differences(model)).isEmpty();
  }

  @Test
  void readsScalarHeadsOfTransformers() {
    DecoderModel model = ModelDirectory.load(GoldenModels.ROOT.resolve("scalar"));
    assertThat(model.head()).isEqualTo(DecoderHead.SCALAR);
    assertThat(GoldenModels.differences(model)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"language-model", "untied", "scalar"})
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
  void takesTokenizerAndGenerationSettingsAlong() throws IOException {
    Path start = directory.resolve("start");
    Files.createDirectories(start);
    Files.copy(TOKENIZER.resolve("tokenizer.json"), start.resolve("tokenizer.json"));
    Files.writeString(start.resolve("tokenizer_config.json"), "{\"eos_token\": \"<|endoftext|>\"}");
    Files.writeString(
        start.resolve("generation_config.json"), "{\"top_p\": 0.9, \"eos_token_id\": [5]}");
    DecoderConfig config = new DecoderConfig("gpt2", 1, 1, 1, 2, 8, 4, 321, true, 1e-5);
    DecoderModel model = DecoderModel.random(config, DecoderHead.LANGUAGE_MODEL, 1);
    Path saved = directory.resolve("saved");
    ModelDirectory.save(model, start, saved);
    assertThat(ModelDirectory.endTokens(saved)).containsExactly(5, 0);
    assertThat(saved.resolve("tokenizer.json"))
        .hasSameBinaryContentAs(start.resolve("tokenizer.json"));
    assertThat(Files.readString(saved.resolve("generation_config.json")))
        .contains("\"top_p\" : 0.9");

    // Saving over the directory that the settings come from keeps them.
    ModelDirectory.save(model, saved, saved);
    assertThat(ModelDirectory.endTokens(saved)).containsExactly(5, 0);
  }

  @Test
  void refusesMoreTokensThanRows() throws IOException {
    Path model = GoldenModels.copy("language-model", directory.resolve("model"));
    Files.copy(TOKENIZER.resolve("tokenizer.json"), model.resolve("tokenizer.json"));
    assertRefused(
        model,
        "config.json: the model has 10 rows (\"vocab_size\"), but the tokenizer beside it 321 tokens");
  }

  @Test
  void namesWhatIsMissing() throws IOException {
    assertRefused(directory.resolve("none"), "none does not exist");
    assertRefused(directory, "File is missing: " + directory.resolve("config.json"));
    Path model = GoldenModels.copy("language-model", directory.resolve("model"));
    Files.delete(model.resolve("model.safetensors"));
    assertRefused(
        model, "has no weights: it must hold model.safetensors or model.safetensors.index.json");
    Path sharded = GoldenModels.copy("sharded", directory.resolve("sharded"));
    Files.delete(sharded.resolve("model-00002-of-00003.safetensors"));
    assertRefused(sharded, "model-00002-of-00003.safetensors, which is missing");
  }

  @ParameterizedTest
  @ValueSource(strings = {"../secret.safetensors", "/etc/passwd", "..", ""})
  void readsNoShardOutsideTheDirectory(String shard) throws IOException {
    Path model = GoldenModels.copy("sharded", directory.resolve("sharded"));
    Files.writeString(
        model.resolve("model.safetensors.index.json"),
        String.format("{\"weight_map\": {\"transformer.wte.weight\": \"%s\"}}", shard));
    assertRefused(
        model, "tensor transformer.wte.weight lies in the invalid file \"" + shard + "\"");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "\"GPT2LMHeadModel\"|\"GPTJForCausalLM\"|config.json: the architecture \"GPTJForCausalLM\" is not supported, only GPT2LMHeadModel, GPT2ForSequenceClassification, LlamaForCausalLM, LlamaForSequenceClassification, Qwen2ForCausalLM, Qwen2ForSequenceClassification, MistralForCausalLM, MistralForSequenceClassification",
        "\"gelu_new\"|\"relu\"|config.json: \"activation_function\": \"relu\" is not supported",
        "\"n_embd\": 4|\"n_embd\": 6|model.safetensors: tensor transformer.wte.weight has shape [10, 4], but config.json asks for [10, 6]",
        "\"n_embd\": 4|\"n_embd\": \"x\"|config.json: \"n_embd\" must be a positive integer, but is \"x\"",
        "\"n_embd\": 4|\"n_embd\": 5|must be a multiple of \"n_head\" (2)",
        "\"n_embd\": 4|\"n_embd\": 2147483646|\"n_embd\" is impossibly large",
        "\"n_layer\": 2|\"n_layer\": 2000000000|config.json asks for 2000000000 layers, but",
        "\"n_layer\": 2|\"n_layer\": 3|model.safetensors has no tensor transformer.h.2.ln_1.weight",
        "\"n_positions\": 6|\"n_positions\": 2000000000|tensor transformer.wpe.weight has shape [6, 4], but config.json asks for [2000000000, 4]",
        "\"vocab_size\": 10|\"vocab_size\": 10.5|\"vocab_size\" must be a positive integer",
        "\"tie_word_embeddings\": true|\"tie_word_embeddings\": false|model.safetensors has no tensor lm_head.weight",
        "\"use_cache\": true|\"use_cache\": true,,|config.json is not valid JSON"
      })
  void namesWhatIsWrongInTheConfiguration(String found, String replacement, String message)
      throws IOException {
    Path model = GoldenModels.copy("language-model", directory.resolve("model"));
    Path config = model.resolve("config.json");
    String text = Files.readString(config);
    assertThat(text).contains(found);
    Files.writeString(config, text.replace(found, replacement));
    assertRefused(model, message);
  }

  private static void assertRefused(Path model, String message) {
    assertThatThrownBy(() -> ModelDirectory.load(model))
        .isInstanceOf(ModelFormatException.class)
        .hasMessageContaining(message);
  }
}
