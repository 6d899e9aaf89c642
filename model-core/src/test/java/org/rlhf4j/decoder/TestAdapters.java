package org.rlhf4j.decoder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.rlhf4j.config.ConfigException;
import org.rlhf4j.config.LoraConfig;

class TestAdapters {
  private static final DecoderConfig GPT2 =
      new DecoderConfig("gpt2", 2, 2, 2, 16, 64, 24, 10, true, 1e-5);
  private static final DecoderConfig LLAMA =
      new DecoderConfig("llama", 1, 4, 2, 16, 32, 24, 10, false, 1e-5);

  private static List<String> targets(DecoderConfig model, String... wanted) {
    return Adapters.of(new LoraConfig(4, 8, List.of(wanted)), model).targets();
  }

  @Test
  void autoIsWhatPeftAdaptsByDefault() {
    assertThat(targets(GPT2, "auto")).containsExactly("c_attn");
    assertThat(targets(LLAMA, "auto")).containsExactly("q_proj", "v_proj");
  }

  @Test
  void allLinearIsEveryLayerOfTheBlocks() {
    assertThat(targets(GPT2, "all-linear")).containsExactly("c_attn", "c_proj", "c_fc");
    assertThat(targets(LLAMA, "all-linear"))
        .containsExactly(
            "q_proj", "k_proj", "v_proj", "o_proj", "gate_proj", "up_proj", "down_proj");
  }

  @Test
  void aTargetIsTheEndOfANameAtADot() {
    Adapters adapters = Adapters.of(new LoraConfig(4, 8, List.of("attn.c_proj")), GPT2);
    assertThat(ParameterLayout.of(GPT2, DecoderHead.LANGUAGE_MODEL, adapters).trained().entries())
        .extracting(ParameterLayout.Entry::name)
        .containsExactly(
            "transformer.h.0.attn.c_proj.lora_A.weight",
            "transformer.h.0.attn.c_proj.lora_B.weight",
            "transformer.h.1.attn.c_proj.lora_A.weight",
            "transformer.h.1.attn.c_proj.lora_B.weight");
    for (String unknown : List.of("proj", "lm_head", "wte", "attn")) {
      assertThatThrownBy(() -> targets(GPT2, unknown))
          .isInstanceOf(ConfigException.class)
          .hasMessage(
              "lora.targets names "
                  + unknown
                  + ", which this model does not have; it has c_attn, c_proj, c_fc");
    }
  }

  @Test
  void refusesARankAboveTheWidth() {
    assertThatThrownBy(() -> Adapters.of(new LoraConfig(17, 8, List.of("auto")), GPT2))
        .isInstanceOf(ConfigException.class)
        .hasMessage("lora.rank must be at most the model's width (16), but is 17");
  }
}
