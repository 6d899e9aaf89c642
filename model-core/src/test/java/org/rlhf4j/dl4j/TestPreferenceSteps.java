package org.rlhf4j.dl4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.withinPercentage;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.rlhf4j.config.OptimizerConfig;
import org.rlhf4j.config.OptimizerConfig.Schedule;
import org.rlhf4j.config.OptimizerConfig.Updater;
import org.rlhf4j.decoder.DecoderConfig;
import org.rlhf4j.decoder.DecoderHead;
import org.rlhf4j.decoder.DecoderModel;
import org.rlhf4j.decoder.GoldenModel;
import org.rlhf4j.decoder.SequenceEvaluator;
import org.rlhf4j.decoder.TokenSequence;
import org.rlhf4j.objective.DpoLoss;
import org.rlhf4j.objective.IpoLoss;
import org.rlhf4j.objective.KtoLoss;
import org.rlhf4j.objective.Objective;
import org.rlhf4j.objective.OrpoLoss;
import org.rlhf4j.objective.SimpoLoss;

/** Losses and gradients of a first step against PyTorch; see scripts/golden/preferences.py. */
class TestPreferenceSteps {
  private static final double FLOAT_MODEL_PERCENT = 0.001;
  private static final DecoderConfig SHAPE =
      new DecoderConfig("gpt2", 2, 2, 2, 16, 64, 24, 37, true, 1e-5);
  private static final OptimizerConfig SGD =
      new OptimizerConfig(1, 0, 8, 0.1, Schedule.CONSTANT, 0, Updater.SGD, 1e-8, 0, 0);
  private static final Map<String, Objective> OBJECTIVES =
      Map.of(
          "dpo", new DpoLoss(0.3, 0),
          "cdpo", new DpoLoss(0.3, 0.1),
          "ipo", new IpoLoss(0.3, IpoLoss.Normalization.SUM),
          "ipo_mean", new IpoLoss(0.3, IpoLoss.Normalization.MEAN_OVER_TOKENS),
          "simpo", new SimpoLoss(2, 1),
          "orpo", new OrpoLoss(0.3),
          "kto", new KtoLoss(0.3, 1, 1.5));

  private static final DecoderModel POLICY = GoldenModel.fill(SHAPE, DecoderHead.LANGUAGE_MODEL, 1);
  private static final DecoderModel REFERENCE =
      GoldenModel.fill(SHAPE, DecoderHead.LANGUAGE_MODEL, 2);

  @ParameterizedTest
  @ValueSource(strings = {"dpo", "cdpo", "ipo", "ipo_mean", "simpo", "orpo", "kto"})
  void lossAndGradientAreThoseOfPyTorch(String name) throws IOException {
    JsonNode fixture = fixture();
    Objective objective = OBJECTIVES.get(name);
    TrainingNetwork network =
        new TrainingNetwork(
            TrainingNetwork.configuration(
                SHAPE, DecoderHead.LANGUAGE_MODEL, objective, SGD, 10, 1));
    network.parameters().copyFrom(POLICY.weights(), 0);
    List<TrainingExample> examples = examples(fixture, objective);
    TrainingNetwork.Step step = network.fit(Minibatch.pack(examples).toDataSet());
    JsonNode expected = fixture.get("cases").get(name);
    assertThat(step.loss())
        .isCloseTo(expected.get("loss").asDouble(), withinPercentage(FLOAT_MODEL_PERCENT));
    assertThat(step.gradientNorm())
        .isCloseTo(expected.get("gradient_norm").asDouble(), withinPercentage(FLOAT_MODEL_PERCENT));
  }

  private static JsonNode fixture() throws IOException {
    try (InputStream file =
        TestPreferenceSteps.class.getResourceAsStream("/golden/preferences.json")) {
      return new ObjectMapper().readTree(file);
    }
  }

  private static List<TrainingExample> examples(JsonNode fixture, Objective objective) {
    JsonNode rows = fixture.get("rows");
    List<TrainingExample> examples = new ArrayList<>();
    for (int i = 0; i < rows.size(); i++) {
      float weight = (float) fixture.get("weights").get(i).asDouble();
      JsonNode row = rows.get(i);
      JsonNode other = rows.get((i + 1) % rows.size());
      List<TrainingExample.Sequence> sequences = new ArrayList<>();
      sequences.add(sequence(row.get(0), row.get(1), objective, weight, 1));
      sequences.add(sequence(row.get(0), row.get(2), objective, weight, -1));
      if (objective instanceof KtoLoss) {
        sequences.add(sequence(row.get(0), other.get(1), objective, 0, 0));
        sequences.add(sequence(row.get(0), other.get(2), objective, 0, 0));
      }
      examples.add(new TrainingExample("row-" + i, sequences));
    }
    return examples;
  }

  private static TrainingExample.Sequence sequence(
      JsonNode prompt, JsonNode response, Objective objective, float weight, float label) {
    TokenSequence content = new TokenSequence(ints(prompt), ints(response));
    int count = response.size();
    List<float[]> channels = new ArrayList<>();
    for (String channel : objective.channels()) {
      channels.add(
          switch (channel) {
            case "weight" -> constant(count, weight);
            case "label" -> constant(count, label);
            default -> reference(content);
          });
    }
    int[] targets = IntStream.range(prompt.size(), content.length()).toArray();
    return new TrainingExample.Sequence(
        content.tokens(), targets, channels.toArray(float[][]::new));
  }

  private static float[] reference(TokenSequence content) {
    try (SequenceEvaluator evaluator = new SequenceEvaluator(REFERENCE, 64, 1)) {
      return evaluator.responseLogprobs(List.of(content), 1.0).get(0);
    }
  }

  private static float[] constant(int count, float value) {
    float[] values = new float[count];
    Arrays.fill(values, value);
    return values;
  }

  private static int[] ints(JsonNode array) {
    return IntStream.range(0, array.size()).map(i -> array.get(i).asInt()).toArray();
  }
}
