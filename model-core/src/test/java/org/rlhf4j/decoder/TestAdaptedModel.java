package org.rlhf4j.decoder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.rlhf4j.tensor.Floats;

class TestAdaptedModel {
  private static final DecoderModel BASE = GoldenModel.load("lora_scalar").model();
  private static final Adapters ADAPTERS = new Adapters(4, 8, List.of("c_attn"));

  private static float[] values(Floats floats) {
    float[] values = new float[(int) floats.length()];
    floats.copyTo(0, values, 0, values.length);
    return values;
  }

  @Test
  void aFreshAdapterChangesNothing() {
    AdaptedModel start = AdaptedModel.start(BASE, ADAPTERS, 7);
    assertThat(values(start.merged().weights())).containsExactly(values(BASE.weights()));
  }

  @Test
  void trainsAdaptersAndTheScalarHeadOnly() {
    AdaptedModel start = AdaptedModel.start(BASE, ADAPTERS, 7);
    assertThat(start.layout().entries())
        .extracting(ParameterLayout.Entry::name)
        .containsExactly(
            "score.weight",
            "transformer.h.0.attn.c_attn.lora_A.weight",
            "transformer.h.0.attn.c_attn.lora_B.weight",
            "transformer.h.1.attn.c_attn.lora_A.weight",
            "transformer.h.1.attn.c_attn.lora_B.weight");
    assertThat(start.trained().length()).isEqualTo(16 + 2 * (4 * 16 + 48 * 4));
  }

  /** Kaiming's bound with a = sqrt(5): 1 / sqrt(in); mean 0, deviation bound / sqrt(3). */
  @Test
  void startsAsPeftDoes() {
    DecoderConfig wide = new DecoderConfig("gpt2", 1, 4, 4, 256, 512, 8, 10, true, 1e-5);
    DecoderModel base = DecoderModel.random(wide, DecoderHead.LANGUAGE_MODEL, 1);
    Adapters adapters = new Adapters(16, 8, List.of("c_attn"));
    AdaptedModel start = AdaptedModel.start(base, adapters, 7);
    double squares = 0;
    double largest = 0;
    int count = 16 * 256;
    for (int i = 0; i < count; i++) {
      squares += Math.pow(start.trained().at(i), 2);
      largest = Math.max(largest, Math.abs(start.trained().at(i)));
    }
    assertThat(Math.sqrt(squares / count)).isCloseTo(1 / Math.sqrt(3 * 256), within(1e-3));
    assertThat(largest).isBetween(0.062, 1 / 16.0);
    for (long i = count; i < start.trained().length(); i++) {
      assertThat(start.trained().at(i)).isZero();
    }
    assertThat(values(AdaptedModel.start(base, adapters, 7).trained()))
        .containsExactly(values(start.trained()));
    assertThat(AdaptedModel.start(base, adapters, 8).trained().at(0))
        .isNotEqualTo(start.trained().at(0));
  }

  @Test
  void withoutAdaptersAllIsTrainedAndNothingCopied() {
    AdaptedModel full = AdaptedModel.start(BASE, Adapters.NONE, 7);
    assertThat(full.layout().size()).isEqualTo(BASE.layout().size());
    assertThat(full.merged().weights().isSameMemoryAs(BASE.weights())).isTrue();
  }
}
