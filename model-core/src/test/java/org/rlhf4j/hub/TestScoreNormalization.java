package org.rlhf4j.hub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.rlhf4j.decoder.DecoderConfig;
import org.rlhf4j.decoder.DecoderHead;
import org.rlhf4j.decoder.DecoderModel;
import org.rlhf4j.decoder.SequenceEvaluator;
import org.rlhf4j.decoder.TokenSequence;

class TestScoreNormalization {
  private static final double FLOAT_SUMS = 1e-5;

  @TempDir private Path directory;

  @ParameterizedTest
  @ValueSource(strings = {"gpt2", "llama"})
  void scalarsAreShiftedAndScaled(String family) {
    DecoderModel model = model(family);
    ScoreNormalization normalization = new ScoreNormalization(0.7, 0.25);
    float[] before = scores(model);
    float[] after = scores(normalization.fold(model));
    double offset = normalization.offset(model);
    for (int i = 0; i < before.length; i++) {
      assertThat(after[i] + offset).isCloseTo((before[i] - 0.7) / 0.25, within(FLOAT_SUMS));
    }
    assertThat(scores(model)).isEqualTo(before);
    assertThat(offset).isEqualTo(family.equals("gpt2") ? 0 : -0.7 / 0.25);
  }

  @Test
  void offsetIsReadFromTheSettings() throws IOException {
    Path config =
        Files.writeString(directory.resolve("config.json"), "{\"model_type\": \"llama\"}");
    assertThat(ScoreNormalization.readOffset(directory)).isZero();
    ScoreNormalization.writeOffset(0, directory);
    assertThat(Files.readString(config)).doesNotContain("score_offset");
    ScoreNormalization.writeOffset(-2.75, directory);
    assertThat(ScoreNormalization.readOffset(directory)).isEqualTo(-2.75);
    assertThat(Files.readString(config)).contains("llama");
    Files.writeString(config, "{\"score_offset\": \"x\"}");
    assertThatThrownBy(() -> ScoreNormalization.readOffset(directory))
        .isInstanceOf(ModelFormatException.class)
        .hasMessageEndingWith("has score_offset \"x\", which is no number; correct it");
  }

  private static DecoderModel model(String family) {
    DecoderConfig shape = new DecoderConfig(family, 1, 4, 4, 8, 16, 24, 10, true, 1e-5);
    return DecoderModel.random(shape, DecoderHead.SCALAR, 1);
  }

  private static float[] scores(DecoderModel model) {
    int[] prompt = {1, 2};
    try (SequenceEvaluator evaluator = new SequenceEvaluator(model, 64, 1)) {
      return evaluator.lastScalars(
          List.of(
              new TokenSequence(prompt, new int[] {3}),
              new TokenSequence(prompt, new int[] {4, 5, 9}),
              new TokenSequence(prompt, new int[] {7, 7})));
    }
  }
}
