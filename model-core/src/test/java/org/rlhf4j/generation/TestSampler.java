package org.rlhf4j.generation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.rlhf4j.config.GenerationConfig;
import org.rlhf4j.tensor.Categorical;

class TestSampler {
  private static final int DRAWS = 20_000;
  private static final double[] PROBABILITIES = {0.05, 0.4, 0.1, 0.3, 0.15};
  private static final double SHARE_TOLERANCE = 0.015; // over 4 standard errors
  private static final double FILTER_TOLERANCE = 1e-6; // probabilities, float32
  private static final float LOGPROB_TOLERANCE = 1e-6f;

  private static Sampler sampler(double temperature, int topK, double topP) {
    return new Sampler(new GenerationConfig(1, 0, temperature, topK, topP, false, 1, 1, List.of()));
  }

  private static Sampler.Draw draw(Sampler sampler, int[] forbidden, long seed) {
    float[] logits = new float[PROBABILITIES.length];
    for (int i = 0; i < logits.length; i++) {
      logits[i] = (float) (Math.log(PROBABILITIES[i]) + 3);
    }
    return sampler.draw(logits, new int[0], forbidden, new Categorical(logits.length), seed, 0);
  }

  private static double[] shares(Sampler sampler, int... forbidden) {
    double[] shares = new double[PROBABILITIES.length];
    for (int i = 0; i < DRAWS; i++) {
      shares[draw(sampler, forbidden, i).token()] += 1.0 / DRAWS;
    }
    return shares;
  }

  @Test
  void sharesFollowTheProbabilities() {
    assertThat(shares(sampler(1.0, 0, 1.0)))
        .containsExactly(PROBABILITIES, within(SHARE_TOLERANCE));
  }

  @Test
  void temperatureSharpens() {
    double[] expected = {0.0025, 0.16, 0.01, 0.09, 0.0225};
    double sum = 0.285;
    for (int i = 0; i < expected.length; i++) {
      expected[i] /= sum;
    }
    assertThat(shares(sampler(0.5, 0, 1.0))).containsExactly(expected, within(SHARE_TOLERANCE));
  }

  @Test
  void topKKeepsTheLikeliest() {
    assertThat(shares(sampler(1.0, 2, 1.0)))
        .containsExactly(new double[] {0, 4 / 7.0, 0, 3 / 7.0, 0}, within(SHARE_TOLERANCE));
  }

  @Test
  void topPKeepsTheSmallestSetThatReachesIt() {
    assertThat(shares(sampler(1.0, 0, 0.75)))
        .containsExactly(
            new double[] {0, 0.4 / 0.85, 0, 0.3 / 0.85, 0.15 / 0.85}, within(SHARE_TOLERANCE));
  }

  @Test
  void topPActsOnWhatTopKLeaves() {
    // Of {0.4, 0.3, 0.15} / 0.85 the first two reach 0.8.
    assertThat(shares(sampler(1.0, 3, 0.8)))
        .containsExactly(new double[] {0, 4 / 7.0, 0, 3 / 7.0, 0}, within(SHARE_TOLERANCE));
  }

  @Test
  void forbiddenTokensAreNeverDrawnButCountInTheLogprob() {
    Sampler sampler = sampler(1.0, 0, 1.0);

    assertThat(shares(sampler, 1)[1]).isZero();
    Sampler.Draw draw = draw(sampler, new int[] {1}, 5);
    assertThat(draw.logprob())
        .isCloseTo((float) Math.log(PROBABILITIES[draw.token()]), within(LOGPROB_TOLERANCE));
  }

  @Test
  void logprobsComeFromTheFullSoftmaxAtTheTemperature() {
    Sampler.Draw draw = draw(sampler(0.5, 1, 1.0), new int[0], 1);

    assertThat(draw.token()).isEqualTo(1);
    assertThat(draw.logprob()).isCloseTo((float) Math.log(0.16 / 0.285), within(LOGPROB_TOLERANCE));
  }

  /** Golden values: scripts/golden/sampling.py, by transformers' logits processors. */
  @Test
  void filtersEqualThoseOfTransformers() throws IOException {
    JsonNode golden =
        new ObjectMapper().readTree(TestSampler.class.getResource("/golden/sampling.json"));
    for (JsonNode expected : golden.get("cases")) {
      float[] logits = floats(golden.get("logits"));
      int[] seen = expected.has("penalty") ? ints(golden.get("seen")) : new int[0];
      Sampler sampler =
          new Sampler(
              new GenerationConfig(
                  1,
                  0,
                  expected.get("temperature").asDouble(),
                  expected.path("top_k").asInt(0),
                  expected.path("top_p").asDouble(1),
                  expected.path("min_p").asDouble(0),
                  expected.path("penalty").asDouble(1),
                  false,
                  1,
                  1,
                  1,
                  List.of()));

      sampler.draw(logits, seen, new int[0], new Categorical(logits.length), 1, 0);

      assertThat(sampler.candidates(logits).probabilities(logits.length))
          .as(expected.toString())
          .containsExactly(doubles(expected.get("probabilities")), within(FILTER_TOLERANCE));
    }
  }

  @Test
  void penaltyMakesSeenTokensRarerButLogprobsStayThoseOfTheModel() {
    Sampler sampler =
        new Sampler(new GenerationConfig(1, 0, 1.0, 0, 1.0, 0.0, 2.0, false, 1, 1, 1, List.of()));
    double ofSeen = 0;
    for (int i = 0; i < DRAWS; i++) {
      float[] logits = {1, 1, -1};
      Sampler.Draw draw =
          sampler.draw(logits, new int[] {0, 2}, new int[0], new Categorical(3), i, 0);
      ofSeen += draw.token() == 0 ? 1.0 / DRAWS : 0;
      double expected = (draw.token() == 2 ? -1 : 1) - Math.log(2 * Math.E + 1 / Math.E);
      assertThat(draw.logprob()).isCloseTo((float) expected, within(LOGPROB_TOLERANCE));
    }
    double weight = Math.exp(0.5);
    assertThat(ofSeen)
        .isCloseTo(weight / (weight + Math.E + Math.exp(-2)), within(SHARE_TOLERANCE));
  }

  private static float[] floats(JsonNode array) {
    float[] values = new float[array.size()];
    for (int i = 0; i < values.length; i++) {
      values[i] = array.get(i).floatValue();
    }
    return values;
  }

  private static double[] doubles(JsonNode array) {
    return IntStream.range(0, array.size()).mapToDouble(i -> array.get(i).asDouble()).toArray();
  }

  private static int[] ints(JsonNode array) {
    return IntStream.range(0, array.size()).map(i -> array.get(i).intValue()).toArray();
  }
}
