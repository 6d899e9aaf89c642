package org.rlhf4j.hub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.rlhf4j.decoder.AdaptedModel;
import org.rlhf4j.decoder.Adapters;
import org.rlhf4j.decoder.DecoderConfig;
import org.rlhf4j.decoder.DecoderHead;
import org.rlhf4j.decoder.DecoderModel;
import org.rlhf4j.decoder.ParameterLayout;
import org.rlhf4j.tensor.Floats;

class TestAdapterDirectory {
  @TempDir private Path directory;

  private static AdaptedModel model(String family, DecoderHead head, Adapters adapters) {
    DecoderConfig shape = new DecoderConfig(family, 1, 4, 4, 8, 16, 24, 10, true, 1e-5);
    return AdaptedModel.start(DecoderModel.random(shape, head, 1), adapters, 2);
  }

  private void save(AdaptedModel model, String base) {
    AdapterDirectory.save(model, model.merged(), base, directory);
  }

  private JsonNode config() throws IOException {
    return new ObjectMapper().readTree(directory.resolve("adapter/adapter_config.json").toFile());
  }

  private Map<String, List<Long>> shapes() {
    Map<String, List<Long>> shapes = new TreeMap<>();
    try (SafetensorsFile file =
        SafetensorsFile.open(directory.resolve("adapter/adapter_model.safetensors"))) {
      file.tensors().forEach((name, tensor) -> shapes.put(name, tensor.shape()));
    }
    return shapes;
  }

  @Test
  void namesAreThoseOfPeft() throws IOException {
    Adapters adapters = new Adapters(2, 16, List.of("q_proj"));
    save(model("llama", DecoderHead.LANGUAGE_MODEL, adapters), "some/base");
    assertThat(shapes())
        .containsOnly(
            Map.entry(
                "base_model.model.model.layers.0.self_attn.q_proj.lora_A.weight", List.of(2L, 8L)),
            Map.entry(
                "base_model.model.model.layers.0.self_attn.q_proj.lora_B.weight", List.of(8L, 2L)));
    assertThat(config().get("peft_type").asText()).isEqualTo("LORA");
    assertThat(config().get("task_type").asText()).isEqualTo("CAUSAL_LM");
    assertThat(config().get("base_model_name_or_path").asText()).isEqualTo("some/base");
    assertThat(config().get("r").asInt()).isEqualTo(2);
    assertThat(config().get("lora_alpha").asDouble()).isEqualTo(16);
    assertThat(config().get("target_modules")).hasToString("[\"q_proj\"]");
    assertThat(config().get("modules_to_save").isNull()).isTrue();
    assertThat(config().get("fan_in_fan_out").asBoolean()).isFalse();
  }

  @Test
  void theScalarHeadIsSavedInFull() throws IOException {
    Adapters adapters = new Adapters(2, 16, List.of("c_attn"));
    save(model("gpt2", DecoderHead.SCALAR, adapters), "base");
    assertThat(shapes())
        .containsOnly(
            Map.entry(
                "base_model.model.transformer.h.0.attn.c_attn.lora_A.weight", List.of(2L, 8L)),
            Map.entry(
                "base_model.model.transformer.h.0.attn.c_attn.lora_B.weight", List.of(24L, 2L)),
            Map.entry("base_model.model.score.weight", List.of(1L, 8L)));
    assertThat(config().get("modules_to_save")).hasToString("[\"score\"]");
    assertThat(config().get("task_type").asText()).isEqualTo("SEQ_CLS");
    assertThat(config().get("fan_in_fan_out").asBoolean()).isTrue();
  }

  /** A base with the saved tensors in their places scores as the model that was written. */
  @ParameterizedTest
  @ValueSource(strings = {"gpt2", "llama"})
  void normalisedScoresAreSavedInFull(String family) throws IOException {
    List<String> targets = List.of(family.equals("gpt2") ? "c_attn" : "q_proj");
    AdaptedModel model = model(family, DecoderHead.SCALAR, new Adapters(2, 16, targets));
    DecoderModel written = new ScoreNormalization(0.7, 0.25).fold(model.merged());
    AdapterDirectory.save(model, written, "base", directory);
    List<String> whole =
        family.equals("gpt2")
            ? List.of("score.weight", "transformer.ln_f.weight", "transformer.ln_f.bias")
            : List.of("score.weight");
    assertThat(config().get("modules_to_save"))
        .hasToString(family.equals("gpt2") ? "[\"score\",\"ln_f\"]" : "[\"score\"]");
    try (SafetensorsFile file =
        SafetensorsFile.open(directory.resolve("adapter/adapter_model.safetensors"))) {
      assertThat(file.tensors().keySet())
          .filteredOn(name -> !name.contains("lora"))
          .containsExactlyInAnyOrderElementsOf(
              whole.stream().map(name -> "base_model.model." + name).toList());
      for (String name : whole) {
        ParameterLayout.Entry entry = written.layout().entry(name);
        Floats saved = Floats.allocate(entry.size());
        file.read(file.tensors().get("base_model.model." + name), saved);
        for (long i = 0; i < entry.size(); i++) {
          assertThat(saved.at(i)).isEqualTo(written.weights().at(entry.offset() + i));
        }
      }
    }
  }

  @Test
  void readsWhatItWritesAndNothingElse() {
    Adapters adapters = new Adapters(2, 16, List.of("c_attn"));
    AdaptedModel model = model("gpt2", DecoderHead.LANGUAGE_MODEL, adapters);
    save(model, "base");
    AdaptedModel read = AdapterDirectory.load(model.base(), adapters, directory);
    assertThat(Arrays.equals(values(read), values(model))).isTrue();

    assertThatThrownBy(
            () ->
                AdapterDirectory.load(
                    model.base(), new Adapters(3, 16, List.of("c_attn")), directory))
        .isInstanceOf(ModelFormatException.class)
        .hasMessageContaining(
            "adapter_model.safetensors must hold weights"
                + " base_model.model.transformer.h.0.attn.c_attn.lora_A.weight of shape [3, 8]");
  }

  private static float[] values(AdaptedModel model) {
    float[] values = new float[(int) model.trained().length()];
    model.trained().copyTo(0, values, 0, values.length);
    return values;
  }
}
