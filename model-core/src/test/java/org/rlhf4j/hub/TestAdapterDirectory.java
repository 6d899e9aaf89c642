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
import org.rlhf4j.decoder.AdaptedModel;
import org.rlhf4j.decoder.Adapters;
import org.rlhf4j.decoder.DecoderConfig;
import org.rlhf4j.decoder.DecoderHead;
import org.rlhf4j.decoder.DecoderModel;

class TestAdapterDirectory {
  @TempDir private Path directory;

  private static AdaptedModel model(String family, DecoderHead head, Adapters adapters) {
    DecoderConfig shape = new DecoderConfig(family, 1, 4, 4, 8, 16, 24, 10, true, 1e-5);
    return AdaptedModel.start(DecoderModel.random(shape, head, 1), adapters, 2);
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
    AdapterDirectory.save(
        model("llama", DecoderHead.LANGUAGE_MODEL, adapters), "some/base", directory);
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
    AdapterDirectory.save(model("gpt2", DecoderHead.SCALAR, adapters), "base", directory);
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

  @Test
  void readsWhatItWritesAndNothingElse() {
    Adapters adapters = new Adapters(2, 16, List.of("c_attn"));
    AdaptedModel model = model("gpt2", DecoderHead.LANGUAGE_MODEL, adapters);
    AdapterDirectory.save(model, "base", directory);
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
