package org.rlhf4j.decoder;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.rlhf4j.tensor.Floats;
import org.rlhf4j.tensor.KernelSet;

/** Outputs and all gradients equal those of transformers' models, on fixtures in float64. */
@ParameterizedClass
@EnumSource(KernelSet.class)
class TestDecoderAgainstTransformers {
  private static final double OUTPUT_TOLERANCE = 1e-5; // relative to the largest output
  private static final double GRADIENT_TOLERANCE = 1e-5; // relative to the tensor's largest

  @Parameter private KernelSet kernels;

  @ParameterizedTest
  @ValueSource(
      strings = {
        "gpt2_tied",
        "gpt2_untied_wide",
        "gpt2_scalar",
        "llama",
        "llama3_biases",
        "qwen2",
        "mistral_window",
        "llama_scalar",
        "qwen2_window",
        "llama_yarn"
      })
  void outputsAndGradientsMatch(String name) {
    GoldenModel golden = GoldenModel.load(name);
    DecoderModel model = golden.model().in(kernels);
    TokenBatch batch = golden.batch();
    float[] outputs = new float[batch.targets().length];
    float[] entropies = new float[model.head() == DecoderHead.SCALAR ? 0 : outputs.length];
    Floats gradients = kernels.allocate(model.weights().length());

    try (Decoder decoder = new Decoder(model.config(), model.head(), kernels, 2)) {
      decoder.forward(model.weights(), batch, golden.temperature(), outputs, entropies);
      decoder.backward(model.weights(), golden.coefficients(), gradients);
    }

    assertClose("outputs", outputs, golden.floats("outputs"), OUTPUT_TOLERANCE);
    if (entropies.length > 0) {
      assertClose("entropies", entropies, golden.floats("entropies"), OUTPUT_TOLERANCE);
    }
    for (ParameterLayout.Entry entry : model.layout().entries()) {
      float[] actual = new float[(int) entry.size()];
      gradients.copyTo(entry.offset(), actual, 0, actual.length);
      assertClose(entry.name(), actual, golden.gradient(entry.name()), GRADIENT_TOLERANCE);
    }
    assertThat(golden.json().get("gradients").size()).isEqualTo(model.layout().entries().size());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "gpt2_tied",
        "gpt2_untied_wide",
        "gpt2_scalar",
        "llama",
        "llama3_biases",
        "qwen2",
        "mistral_window",
        "llama_scalar",
        "qwen2_window",
        "llama_yarn"
      })
  void evaluationEqualsTheForwardPass(String name) {
    GoldenModel golden = GoldenModel.load(name);
    DecoderModel model = golden.model().in(kernels);
    TokenBatch batch = golden.batch();
    float[] outputs = new float[batch.targets().length];

    try (Decoder decoder = new Decoder(model.config(), model.head(), kernels, 1)) {
      decoder.evaluate(model.weights(), batch, golden.temperature(), outputs);
    }

    assertClose("outputs", outputs, golden.floats("outputs"), OUTPUT_TOLERANCE);
  }

  @ParameterizedTest
  @ValueSource(strings = {"lora_gpt2", "lora_llama", "lora_scalar"})
  void adaptersMatch(String name) {
    GoldenModel golden = GoldenModel.load(name);
    AdaptedModel model = adapted(golden);
    float[] outputs = new float[golden.batch().targets().length];
    Floats gradients = kernels.allocate(model.trained().length());

    try (Decoder decoder = decoder(model)) {
      decoder.forward(model.trained(), golden.batch(), golden.temperature(), outputs, new float[0]);
      decoder.backward(model.trained(), golden.coefficients(), gradients);
    }

    assertClose("outputs", outputs, golden.floats("outputs"), OUTPUT_TOLERANCE);
    for (ParameterLayout.Entry entry : model.layout().entries()) {
      float[] actual = new float[(int) entry.size()];
      gradients.copyTo(entry.offset(), actual, 0, actual.length);
      assertClose(entry.name(), actual, golden.gradient(entry.name()), GRADIENT_TOLERANCE);
    }
    assertThat(golden.json().get("gradients").size()).isEqualTo(model.layout().entries().size());
  }

  @ParameterizedTest
  @ValueSource(strings = {"lora_gpt2", "lora_llama", "lora_scalar"})
  void mergedAdaptersMatch(String name) {
    GoldenModel golden = GoldenModel.load(name);
    DecoderModel model = adapted(golden).merged();
    float[] outputs = new float[golden.batch().targets().length];

    try (Decoder decoder = new Decoder(model.config(), model.head(), kernels, 1)) {
      decoder.evaluate(model.weights(), golden.batch(), golden.temperature(), outputs);
    }

    assertClose("outputs", outputs, golden.floats("outputs"), OUTPUT_TOLERANCE);
  }

  private AdaptedModel adapted(GoldenModel golden) {
    AdaptedModel model = golden.adapted();
    Floats trained = kernels.allocate(model.trained().length());
    trained.copyFrom(model.trained(), 0);
    return new AdaptedModel(model.base().in(kernels), model.adapters(), trained);
  }

  private static Decoder decoder(AdaptedModel model) {
    DecoderModel base = model.base();
    return new Decoder(base.config(), base.head(), model.adapters(), base.weights(), 2);
  }

  private static void assertClose(String what, float[] actual, float[] expected, double tolerance) {
    assertThat(actual).as(what).hasSameSizeAs(expected);
    double largest = 0;
    double worst = 0;
    for (int i = 0; i < expected.length; i++) {
      assertThat(actual[i]).as(what).isFinite();
      largest = Math.max(largest, Math.abs(expected[i]));
      worst = Math.max(worst, Math.abs((double) actual[i] - expected[i]));
    }
    assertThat(worst / largest).as(what + ", error relative to the largest").isLessThan(tolerance);
  }
}
