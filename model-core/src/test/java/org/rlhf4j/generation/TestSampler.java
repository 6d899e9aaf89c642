package org.rlhf4j.generation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.rlhf4j.config.GenerationConfig;

class TestSampler {
  private static final int DRAWS = 20_000;
  private static final double[] PROBABILITIES = {0.05, 0.4, 0.1, 0.3, 0.15};
  private static final double SHARE_TOLERANCE = 0.015; // over 4 standard errors
  private static final float LOGPROB_TOLERANCE = 1e-6f;

  private static Sampler sampler(double temperature, int topK, double topP) {
    return new Sampler(new GenerationConfig(1, 0, temperature, topK, topP, false, 1, 1, List.of()));
  }

  private static Sampler.Draw draw(Sampler sampler, int[] forbidden, long seed) {
    float[] logits = new float[PROBABILITIES.length];
    for (int i = 0; i < logits.length; i++) {
      logits[i] = (float) (Math.log(PROBABILITIES[i]) + 3);
    }
    return sampler.draw(logits, forbidden, new double[logits.length], seed, 0);
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
}
