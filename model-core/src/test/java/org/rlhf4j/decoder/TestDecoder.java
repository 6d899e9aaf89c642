package org.rlhf4j.decoder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.rlhf4j.tensor.Floats;
import org.rlhf4j.tensor.KernelSet;

@ParameterizedClass
@EnumSource(KernelSet.class)
class TestDecoder {
  private static final double DIFFERENCE_STEP = 1e-2;
  private static final double DIFFERENCE_TOLERANCE = 2e-3; // of a directional derivative of 1

  private static final DecoderConfig WIDE =
      new DecoderConfig("gpt2", 2, 4, 4, 128, 512, 64, 300, true, 1e-5);

  @Parameter private KernelSet kernels;

  record Result(float[] outputs, float[] gradients) {}

  private Result run(DecoderModel model, TokenBatch batch) {
    return run(model.in(kernels), batch, 1);
  }

  static Result run(DecoderModel model, TokenBatch batch, int threads) {
    KernelSet kernels = model.weights().kernels();
    float[] outputs = new float[batch.targets().length];
    float[] ones = new float[outputs.length];
    java.util.Arrays.fill(ones, 1f);
    Floats gradients = kernels.allocate(model.weights().length());
    try (Decoder decoder = new Decoder(model.config(), model.head(), kernels, threads)) {
      decoder.forward(model.weights(), batch, 1.0, outputs, new float[0]);
      decoder.backward(model.weights(), ones, gradients);
    }
    float[] copy = new float[(int) gradients.length()];
    gradients.copyTo(0, copy, 0, copy.length);
    return new Result(outputs, copy);
  }

  @Test
  void gradientIsTheSlopeOfTheOutputs() {
    DecoderModel model = GoldenModel.load("gpt2_tied").model();
    TokenBatch batch = TestBatches.of(1, TestBatches.sequences(37, 5, 9, 14));
    float[] gradients = run(model, batch).gradients();
    double norm = 0;
    for (float gradient : gradients) {
      norm += (double) gradient * gradient;
    }
    norm = Math.sqrt(norm);

    double slope =
        (sum(moved(model, gradients, DIFFERENCE_STEP / norm / norm), batch)
                - sum(moved(model, gradients, -DIFFERENCE_STEP / norm / norm), batch))
            / (2 * DIFFERENCE_STEP);

    assertThat(slope).isCloseTo(1.0, within(DIFFERENCE_TOLERANCE));
  }

  private static DecoderModel moved(DecoderModel model, float[] direction, double step) {
    Floats weights = Floats.allocate(direction.length);
    for (int i = 0; i < direction.length; i++) {
      weights.set(i, (float) (model.weights().at(i) + step * direction[i]));
    }
    return new DecoderModel(model.config(), model.head(), weights);
  }

  private double sum(DecoderModel model, TokenBatch batch) {
    double sum = 0;
    for (float output : run(model, batch).outputs()) {
      sum += output;
    }
    return sum;
  }

  @Test
  void memoryOfALargerBatchDoesNotShowInASmallerOne() {
    DecoderModel model = DecoderModel.random(WIDE, DecoderHead.LANGUAGE_MODEL, 1).in(kernels);
    TokenBatch large = TestBatches.of(1, TestBatches.sequences(300, 2, 64, 64));
    TokenBatch small = TestBatches.of(3, TestBatches.sequences(300, 4, 20));
    float[] expected = run(model, small).outputs();
    float[] actual = new float[expected.length];

    try (Decoder decoder = new Decoder(model.config(), model.head(), kernels, 1)) {
      decoder.forward(model.weights(), large, 1.0, new float[large.targets().length], new float[0]);
      decoder.evaluate(model.weights(), small, 1.0, actual);
    }

    assertThat(actual).isEqualTo(expected);
  }

  @ParameterizedTest
  @EnumSource(DecoderHead.class)
  void gradientsOfALargerBatchDoNotShowInThoseOfASmallerOne(DecoderHead head) {
    DecoderModel model = DecoderModel.random(WIDE, head, 1).in(kernels);
    TokenBatch large = TestBatches.of(1, TestBatches.sequences(300, 2, 64, 64));
    TokenBatch small = TestBatches.of(19, TestBatches.sequences(300, 4, 20)); // the last only
    float[] outputs = new float[1];
    Floats gradients = kernels.allocate(model.weights().length());

    try (Decoder decoder = new Decoder(model.config(), model.head(), kernels, 1)) {
      float[] many = new float[large.targets().length];
      decoder.forward(model.weights(), large, 1.0, many, new float[0]);
      decoder.backward(model.weights(), many, gradients);
      decoder.forward(model.weights(), small, 1.0, outputs, new float[0]);
      decoder.backward(model.weights(), new float[] {1}, gradients);
    }

    float[] actual = new float[(int) gradients.length()];
    gradients.copyTo(0, actual, 0, actual.length);
    assertThat(actual).isEqualTo(run(model, small).gradients());
  }

  @Test
  void refusesWhatTheModelCannotRead() {
    DecoderModel model = DecoderModel.random(WIDE, DecoderHead.LANGUAGE_MODEL, 1);

    assertThatThrownBy(() -> run(model, TestBatches.of(1, new int[] {1, 300})))
        .hasMessage("Token 300 is outside the vocabulary of 300");
    assertThatThrownBy(() -> run(model, TestBatches.of(1, new int[65])))
        .hasMessage("A sequence of 65 tokens is longer than the model's context of 64");
    assertThatThrownBy(() -> run(model, TestBatches.of(0, new int[] {1, 2})))
        .hasMessage("Token 0 starts its sequence, so nothing predicts it");
  }

  @Test
  void randomWeightsDependOnSeedAndNameOnly() {
    DecoderModel model = DecoderModel.random(WIDE, DecoderHead.LANGUAGE_MODEL, 7);
    DecoderModel scored = DecoderModel.random(WIDE, DecoderHead.SCALAR, 7);
    DecoderModel twin = model.withHead(DecoderHead.SCALAR, 7);

    for (ParameterLayout.Entry entry : scored.layout().entries()) {
      for (long i = 0; i < Math.min(50, entry.size()); i++) {
        float value = scored.weights().at(entry.offset() + i);
        assertThat(twin.weights().at(entry.offset() + i)).as(entry.name()).isEqualTo(value);
      }
    }
    double squares = 0;
    ParameterLayout.Entry table = model.layout().entry("transformer.wte.weight");
    for (long i = 0; i < table.size(); i++) {
      squares += Math.pow(model.weights().at(table.offset() + i), 2);
    }
    assertThat(Math.sqrt(squares / table.size())).isCloseTo(0.02, within(2e-4));
  }
}
