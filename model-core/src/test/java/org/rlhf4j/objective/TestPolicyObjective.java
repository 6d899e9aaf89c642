package org.rlhf4j.objective;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Map;
import java.util.function.DoubleUnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Golden numbers are those of OpenRLHF in float64; derivatives are checked in float64. */
class TestPolicyObjective {
  private static final double FLOAT_INPUTS = 1e-6;
  private static final double EXACT = 1e-12;
  private static final double STEP = 1e-6;
  private static final double FINITE_DIFFERENCE = 1e-8;
  private static final double OLD_LOGPROB = -1.3;
  private static final double REF_LOGPROB = -0.9;

  private static final float[] OLD = {-1.0f, -2.0f, -.50f, -1.5f, -.7f, -.9f, -1.1f, -2.2f};
  private static final float[] NEW = {-.7f, -2.1f, -.45f, -2.0f, -.7f, -1.2f, -.8f, -2.2f};
  private static final float[] ADVANTAGES = {.5f, -1.0f, .2f, -.3f, 1.5f, -.8f, .9f, .1f};
  private static final int[] LENGTHS = {5, 3};

  @Test
  void meanOverResponsesMatchesOpenRlhf() {
    PolicyObjective objective =
        new PolicyObjective(
            new PpoClip(0.2, 0), LossAggregation.RESPONSES, EntropyBonus.NONE, ReferenceKl.NONE);
    Targets targets = Minibatches.responses(LENGTHS, OLD, ADVANTAGES);
    double[] statistics = new double[objective.statistics().length];
    double loss = objective.evaluate(NEW, new float[0], targets, new float[8], statistics);
    assertThat(loss).isCloseTo(-0.20654167959084120, within(FLOAT_INPUTS));
    Map<String, Double> metrics = objective.metrics(statistics);
    assertThat(metrics.get("policy/clip-fraction")).isEqualTo(.5);
    assertThat(metrics.get("policy/approx-kl")).isCloseTo(.03328125, within(FLOAT_INPUTS));
    assertThat(Minibatches.gradientError(objective, NEW, targets)).isLessThan(1e-4);
  }

  @Test
  void klEstimatorsAreThoseOfSchulman() {
    double[] logRatios = {.3, -.5, 0};
    double[] k2 = {.045, .125, 0};
    double[] k3 = {.04081822, .14872127, 0};
    for (int i = 0; i < logRatios.length; i++) {
      assertThat(ReferenceKl.K1.loss(logRatios[i], 1)).isEqualTo(logRatios[i]);
      assertThat(ReferenceKl.K2.loss(logRatios[i], 1)).isCloseTo(k2[i], within(EXACT));
      assertThat(ReferenceKl.K3.loss(logRatios[i], 1)).isCloseTo(k3[i], within(5e-9));
    }
  }

  @ParameterizedTest
  @EnumSource(ReferenceKl.class)
  void slopesOfThePenaltyAreDerivatives(ReferenceKl kl) {
    for (double logprob : new double[] {-2.1, -1.3, -.2}) {
      double slope = kl.slope(logprob - REF_LOGPROB, Math.exp(logprob - OLD_LOGPROB));
      double expected =
          derivative(x -> kl.loss(x - REF_LOGPROB, Math.exp(x - OLD_LOGPROB)), logprob);
      assertThat(slope).isCloseTo(expected, within(FINITE_DIFFERENCE));
    }
  }

  @Test
  void slopesOfSurrogatesAreDerivatives() {
    Surrogate[] surrogates = {
      new PolicyGradient(), new PpoKl(), new PpoClip(.2, 0), new PpoClip(.2, 1.5)
    };
    for (Surrogate surrogate : surrogates) {
      for (double advantage : new double[] {-1.5, 0, .7}) {
        for (double logprob : new double[] {-2.1, -1.4, -1.3, -1.2, -.2}) {
          double slope = surrogate.slope(Math.exp(logprob - OLD_LOGPROB), advantage, .3);
          double expected =
              derivative(x -> surrogate.loss(x, Math.exp(x - OLD_LOGPROB), advantage, .3), logprob);
          assertThat(slope)
              .as("%s at %s, advantage %s", surrogate, logprob, advantage)
              .isCloseTo(expected, within(FINITE_DIFFERENCE));
        }
      }
    }
  }

  /** Sums over a vocabulary of three: on average the estimated gradients are the exact ones. */
  @Test
  void gradientsOfEntropyAndPenaltyAreRightOnAverage() {
    double[] logits = {.3, -.8, 1.1};
    double[] reference = {-.2, .1, .4};
    for (int j = 0; j < logits.length; j++) {
      int index = j;
      double entropySlope = 0;
      double[] klSlopes = new double[3];
      double[] logprobs = logSoftmax(logits);
      double[] refLogprobs = logSoftmax(reference);
      for (int a = 0; a < logits.length; a++) {
        double byLogit = (a == j ? 1 : 0) - Math.exp(logprobs[j]);
        double weight = Math.exp(logprobs[a]) * byLogit;
        entropySlope += weight * entropySlopeOfToken(logprobs, a);
        double d = logprobs[a] - refLogprobs[a];
        klSlopes[0] += weight * ReferenceKl.K1.slope(d, 1);
        klSlopes[1] += weight * ReferenceKl.K2.slope(d, 1);
      }
      double exactEntropySlope =
          derivative(x -> entropy(logSoftmax(with(logits, index, x))), logits[j]);
      double exactKlSlope =
          derivative(x -> kl(logSoftmax(with(logits, index, x)), refLogprobs), logits[j]);
      assertThat(-entropySlope).isCloseTo(exactEntropySlope, within(1e-6));
      assertThat(klSlopes[0]).isCloseTo(exactKlSlope, within(FINITE_DIFFERENCE));
      assertThat(klSlopes[1]).isCloseTo(exactKlSlope, within(FINITE_DIFFERENCE));
    }
  }

  /** d loss / d log pi of a token drawn from its own policy, for a bonus of weight 1 alone. */
  private static double entropySlopeOfToken(double[] logprobs, int token) {
    PolicyObjective objective =
        new PolicyObjective(
            new PolicyGradient(), LossAggregation.TOKENS, EntropyBonus.TOKENS, ReferenceKl.NONE);
    float[] logprob = {(float) logprobs[token]};
    float[] gradient = new float[1];
    objective.evaluate(
        logprob,
        new float[] {(float) entropy(logprobs)},
        Minibatches.responses(new int[] {1}, logprob, new float[1], new float[] {1}),
        gradient,
        new double[objective.statistics().length]);
    return gradient[0];
  }

  /** Every response of two tokens of two words: the gradient on average is that of the whole KL. */
  @Test
  void k1ChargesATokenForWhatItLeadsTo() {
    double[] logits = {.4, -.3, .7}; // of the first token, and of the second after either first
    double[] reference = {-.2, .5, .1};
    PolicyObjective objective =
        new PolicyObjective(
            new PolicyGradient(), LossAggregation.TOKENS, EntropyBonus.NONE, ReferenceKl.K1);
    double[] slopes = new double[3];
    for (int response = 0; response < 4; response++) {
      int[] words = {response / 2, response % 2};
      int[] states = {0, 1 + words[0]};
      float[] logprobs = logprobs(logits, states, words);
      float[] gradient = new float[2];
      objective.evaluate(
          logprobs,
          new float[0],
          Minibatches.responses(
              new int[] {2},
              logprobs,
              new float[2],
              logprobs(reference, states, words),
              new float[] {2, 2}), // undoes the mean over two tokens
          gradient,
          new double[objective.statistics().length]);
      double probability = Math.exp((double) logprobs[0] + logprobs[1]);
      for (int t = 0; t < 2; t++) {
        double byLogit = words[t] - Statistics.sigmoid(logits[states[t]]);
        slopes[states[t]] += probability * gradient[t] * byLogit;
      }
    }
    for (int state = 0; state < logits.length; state++) {
      int index = state;
      double exact =
          derivative(x -> klOfResponses(with(logits, index, x), reference), logits[state]);
      assertThat(slopes[state]).isCloseTo(exact, within(1e-6));
    }
  }

  /** Words are 0 or 1, 1 with probability sigmoid(logit of the state). */
  private static float[] logprobs(double[] logits, int[] states, int[] words) {
    float[] logprobs = new float[words.length];
    for (int t = 0; t < words.length; t++) {
      double logit = logits[states[t]];
      logprobs[t] = (float) -Statistics.softplus(words[t] == 1 ? -logit : logit);
    }
    return logprobs;
  }

  private static double klOfResponses(double[] logits, double[] reference) {
    double first = Statistics.sigmoid(logits[0]);
    return kl(logits[0], reference[0])
        + (1 - first) * kl(logits[1], reference[1])
        + first * kl(logits[2], reference[2]);
  }

  private static double kl(double logit, double reference) {
    double one = Statistics.sigmoid(logit);
    double ofOne = Statistics.softplus(-reference) - Statistics.softplus(-logit);
    double ofZero = Statistics.softplus(reference) - Statistics.softplus(logit);
    return one * ofOne + (1 - one) * ofZero;
  }

  @Test
  void penaltiesArriveByChannel() {
    PolicyObjective objective =
        new PolicyObjective(new PpoKl(), LossAggregation.TOKENS, EntropyBonus.NONE, ReferenceKl.K3);
    assertThat(objective.channels())
        .containsExactly("old_logprob", "advantage", "penalty", "ref_logprob", "kl_coefficient");
    float[] old = {-1.3f};
    float[] logprob = {-1.0f};
    Targets targets =
        Minibatches.responses(
            new int[] {1},
            old,
            new float[] {.5f},
            new float[] {2f},
            new float[] {-.9f},
            new float[] {.25f});
    double ratio = Math.exp(.3);
    double expected = -.5 * ratio + 2 * (ratio - 1 - .3) + .25 * (Math.expm1(.1) - .1);
    double[] statistics = new double[objective.statistics().length];
    assertThat(objective.evaluate(logprob, new float[0], targets, new float[1], statistics))
        .isCloseTo(expected, within(FLOAT_INPUTS));
    assertThat(objective.metrics(statistics).get("policy/old-kl"))
        .isCloseTo(ratio - 1.3, within(FLOAT_INPUTS));
    assertThat(objective.metrics(statistics).get("policy/loss"))
        .isCloseTo(-.5 * ratio + 2 * (ratio - 1 - .3), within(FLOAT_INPUTS));
    assertThat(Minibatches.gradientError(objective, logprob, targets)).isLessThan(1e-4);
  }

  @Test
  void theWeightOfTheEntropyBonusArrivesByChannel() {
    PolicyObjective objective =
        new PolicyObjective(
            new PpoKl(), LossAggregation.TOKENS, EntropyBonus.TOKENS, ReferenceKl.K3);
    assertThat(objective.channels())
        .containsExactly(
            "old_logprob",
            "advantage",
            "penalty",
            "entropy_coefficient",
            "ref_logprob",
            "kl_coefficient");
    float[] logprobs = {-1, -2};
    float[] none = new float[2];
    float[] coefficients = {.5f, .25f};
    Targets targets =
        Minibatches.responses(new int[] {2}, logprobs, none, none, coefficients, logprobs, none);
    float[] entropies = {1.2f, .8f};
    float[] gradient = new float[2];
    double[] statistics = new double[objective.statistics().length];
    assertThat(objective.evaluate(logprobs, entropies, targets, gradient, statistics))
        .isCloseTo(-(.5 * 1.2 + .25 * .8) / 2, within(FLOAT_INPUTS));
    assertThat(gradient[0]).isCloseTo(.5f * (-1 + 1.2f) / 2, within(1e-6f));
    assertThat(gradient[1]).isCloseTo(.25f * (-2 + .8f) / 2, within(1e-6f));
    assertThat(objective.metrics(statistics).get("policy/loss")).isZero();
  }

  private static double derivative(DoubleUnaryOperator function, double x) {
    return (function.applyAsDouble(x + STEP) - function.applyAsDouble(x - STEP)) / (2 * STEP);
  }

  private static double[] with(double[] values, int index, double value) {
    double[] copy = values.clone();
    copy[index] = value;
    return copy;
  }

  private static double[] logSoftmax(double[] logits) {
    double sum = 0;
    for (double logit : logits) {
      sum += Math.exp(logit);
    }
    double[] logprobs = logits.clone();
    for (int i = 0; i < logprobs.length; i++) {
      logprobs[i] -= Math.log(sum);
    }
    return logprobs;
  }

  private static double entropy(double[] logprobs) {
    return -kl(logprobs, new double[logprobs.length]);
  }

  private static double kl(double[] logprobs, double[] refLogprobs) {
    double kl = 0;
    for (int i = 0; i < logprobs.length; i++) {
      kl += Math.exp(logprobs[i]) * (logprobs[i] - refLogprobs[i]);
    }
    return kl;
  }
}
