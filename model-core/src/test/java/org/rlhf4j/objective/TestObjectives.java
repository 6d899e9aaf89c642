package org.rlhf4j.objective;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.Arrays;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Golden numbers are those of the projects named in each test, computed in float64. */
class TestObjectives {
  private static final double FLOAT_INPUTS = 1e-6;
  private static final double FINITE_DIFFERENCE = 1e-4;
  private static final float[] NO_ENTROPIES = {};

  private static final float[] OLD = {-1.0f, -2.0f, -.50f, -1.5f, -.7f, -.9f, -1.1f, -2.2f};
  private static final float[] NEW = {-.7f, -2.1f, -.45f, -2.0f, -.7f, -1.2f, -.8f, -2.2f};
  private static final float[] ADVANTAGES = {.5f, -1.0f, .2f, -.3f, 1.5f, -.8f, .9f, .1f};
  private static final float[] OLD_VALUES = {.50f, .40f, .30f, .20f, .10f, -.10f, .00f, .20f};
  private static final float[] RETURNS = {
    .81723937f, .94446250f, .92575000f, .98500000f, 1.00000000f, .62325000f, .63500000f, .70000000f
  };
  private static final float[] VALUES = {.9f, .35f, .3f, .5f, .1f, -.5f, .05f, .2f};
  private static final float[] SCORES = {1.2f, .7f, .3f, .9f, -.5f, -.5f};

  private static double loss(Objective objective, float[] outputs, Targets targets) {
    return objective.evaluate(
        outputs,
        NO_ENTROPIES,
        targets,
        new float[outputs.length],
        new double[objective.statistics().length]);
  }

  private static Map<String, Double> metrics(
      Objective objective, float[] outputs, float[] entropies, Targets targets) {
    double[] statistics = new double[objective.statistics().length];
    objective.evaluate(outputs, entropies, targets, new float[outputs.length], statistics);
    return objective.metrics(statistics);
  }

  @Test
  void ppoClipMatchesOpenRlhf() {
    Targets targets = Minibatches.responses(new int[] {5, 3}, OLD, ADVANTAGES);
    PolicyObjective objective = PolicyObjective.of(new PpoClip(0.2, 0));
    assertThat(loss(objective, NEW, targets)).isCloseTo(-0.21317710015490568, within(FLOAT_INPUTS));
    float[] entropies = {1, 2, 3, 4, 5, 6, 7, 8};
    Map<String, Double> metrics = metrics(objective, NEW, entropies, targets);
    assertThat(metrics.get("policy/clip-fraction")).isEqualTo(0.5);
    assertThat(metrics.get("policy/approx-kl")).isCloseTo(.03328125, within(FLOAT_INPUTS));
    assertThat(metrics.get("policy/ratio-max")).isCloseTo(Math.exp(.3), within(FLOAT_INPUTS));
    assertThat(metrics.get("policy/entropy")).isEqualTo(4.5);
    assertThat(Minibatches.gradientError(objective, NEW, targets)).isLessThan(FINITE_DIFFERENCE);
  }

  @Test
  void dualClipBoundsTheLossOfNegativeAdvantages() {
    Targets token = Minibatches.responses(new int[] {1}, new float[] {-2f}, new float[] {-1f});
    float[] logprob = {-0.5f};
    assertThat(loss(PolicyObjective.of(new PpoClip(0.2, 0)), logprob, token))
        .isCloseTo(4.4816890703, within(FLOAT_INPUTS));
    assertThat(loss(PolicyObjective.of(new PpoClip(0.2, 3)), logprob, token)).isEqualTo(3.0);
    assertThat(Minibatches.gradientError(PolicyObjective.of(new PpoClip(0.2, 3)), logprob, token))
        .isZero();
  }

  @Test
  void valueLossMatchesOpenRlhf() {
    Targets targets = Minibatches.responses(new int[] {5, 3}, OLD_VALUES, RETURNS);
    assertThat(loss(new ValueLoss(0.2), VALUES, targets))
        .isCloseTo(0.23530214749728995, within(FLOAT_INPUTS));
    assertThat(loss(new ValueLoss(0.5), VALUES, targets))
        .isCloseTo(0.22818366312228996, within(FLOAT_INPUTS));
    assertThat(loss(new ValueLoss(0), VALUES, targets))
        .isCloseTo(0.22818366312228996, within(FLOAT_INPUTS));
    assertThat(Minibatches.gradientError(new ValueLoss(0.2), VALUES, targets))
        .isLessThan(FINITE_DIFFERENCE);
  }

  @Test
  void anOffsetIsPartOfEveryScalar() {
    Targets targets = Minibatches.responses(new int[] {5, 3}, OLD_VALUES, RETURNS);
    float[] outputs = VALUES.clone();
    for (int i = 0; i < outputs.length; i++) {
      outputs[i] -= 2.5f;
    }
    Objective objective = ScalarOffset.of(new ValueLoss(0.2), 2.5);
    assertThat(loss(objective, outputs, targets))
        .isCloseTo(0.23530214749728995, within(FLOAT_INPUTS));
    assertThat(metrics(objective, outputs, NO_ENTROPIES, targets).get("value/explained-variance"))
        .isCloseTo(
            metrics(new ValueLoss(0.2), VALUES, NO_ENTROPIES, targets)
                .get("value/explained-variance"),
            within(FLOAT_INPUTS));
    assertThat(Minibatches.gradientError(objective, outputs, targets))
        .isLessThan(FINITE_DIFFERENCE);
  }

  @Test
  void anOffsetLeavesStatisticsToItsObjective() {
    double[] merged = {1, 2, 0};
    ScalarOffset.of(new ScoreMoments(), 5).merge(merged, new double[] {1, 4, 0});
    assertThat(merged).containsExactly(2, 6, 2);
    assertThat(ScalarOffset.of(new ValueLoss(0.2), 0)).isEqualTo(new ValueLoss(0.2));
  }

  @Test
  void explainedVarianceIsOneForExactValuesAndZeroForTheMean() {
    Targets targets = Minibatches.responses(new int[] {5, 3}, OLD_VALUES, RETURNS);
    float[] constant = new float[RETURNS.length];
    assertThat(metrics(new ValueLoss(0), RETURNS, NO_ENTROPIES, targets))
        .containsEntry("value/explained-variance", 1.0);
    assertThat(
            metrics(new ValueLoss(0), constant, NO_ENTROPIES, targets)
                .get("value/explained-variance"))
        .isCloseTo(0, within(FLOAT_INPUTS));
  }

  @Test
  void bradleyTerryMatchesTheFormulas() {
    float[] even = {1, 1, 1, 1, 1, 1};
    float[] none = new float[6];
    float[] margins = {1, 1, 1f / 3, 1f / 3, 0, 0};
    assertThat(loss(new BradleyTerry(0, 0), SCORES, Minibatches.pairs(even, none)))
        .isCloseTo(.7349040384086458, within(FLOAT_INPUTS));
    assertThat(loss(new BradleyTerry(0, 0), SCORES, Minibatches.pairs(even, margins)))
        .isCloseTo(.9773966618189004, within(FLOAT_INPUTS));
    assertThat(loss(new BradleyTerry(0.01, 0), SCORES, Minibatches.pairs(even, none)))
        .isCloseTo(.7550707050753125, within(FLOAT_INPUTS));
    float[] weights = {1, 1, 2, 2, .5f, .5f};
    assertThat(
            Minibatches.gradientError(
                new BradleyTerry(0.01, 0), SCORES, Minibatches.pairs(weights, margins)))
        .isLessThan(FINITE_DIFFERENCE);
  }

  @Test
  void bradleyTerryOfTheSixPairsOfARankingIsTheirMean() {
    float[] best = {.9f, .2f, -.3f, .5f};
    float[] scores = new float[12];
    int k = 0;
    for (int i = 0; i < 4; i++) {
      for (int j = i + 1; j < 4; j++) {
        scores[k++] = best[i];
        scores[k++] = best[j];
      }
    }
    float[] weights = new float[12];
    Arrays.fill(weights, 1f / 6);
    assertThat(loss(new BradleyTerry(0, 0), scores, Minibatches.pairs(weights, new float[12])))
        .isCloseTo(.6131694438699755, within(FLOAT_INPUTS));
  }

  @Test
  void bradleyTerryWeighsPairsAndCountsATieAsOneHalf() {
    float[] weights = {3, 3, 1, 1, 0, 0};
    Targets targets = Minibatches.pairs(weights, new float[6]);
    double first = Math.log1p(Math.exp(-.5));
    double second = Math.log1p(Math.exp(.6));
    assertThat(loss(new BradleyTerry(0, 0), SCORES, targets))
        .isCloseTo((3 * first + second) / 4, within(FLOAT_INPUTS));
    Map<String, Double> metrics = metrics(new BradleyTerry(0, 0), SCORES, NO_ENTROPIES, targets);
    assertThat(metrics.get("accuracy")).isEqualTo(0.5);
    assertThat(metrics.get("margin")).isCloseTo(-.1 / 3, within(FLOAT_INPUTS));
  }

  @Test
  void bradleyTerryRefusesASequenceWithoutPartner() {
    Targets lonely = Minibatches.responses(new int[] {1, 1}, new float[2], new float[2]);
    assertThatThrownBy(() -> loss(new BradleyTerry(0, 0), new float[2], lonely))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("target 0 has no partner");
  }

  @Test
  void languageModelingIsTheWeightedMeanOverTokens() {
    Targets targets = Minibatches.responses(new int[] {2, 1}, new float[] {1, 1, 2});
    float[] logprobs = {-1, -2, -3};
    assertThat(loss(new LanguageModeling(), logprobs, targets)).isEqualTo(9.0 / 4);
    assertThat(Minibatches.gradientError(new LanguageModeling(), logprobs, targets))
        .isLessThan(FINITE_DIFFERENCE);
  }

  @Test
  void mergedStatisticsAreThoseOfTheUnion() {
    PolicyObjective objective = PolicyObjective.of(new PpoClip(0.2, 0));
    double[] whole = new double[objective.statistics().length];
    double[] left = whole.clone();
    double[] right = whole.clone();
    Targets all = Minibatches.responses(new int[] {5, 3}, OLD, ADVANTAGES);
    objective.evaluate(NEW, NO_ENTROPIES, all, new float[8], whole);
    objective.evaluate(
        Arrays.copyOf(NEW, 5), NO_ENTROPIES, part(0, 5, OLD, ADVANTAGES), new float[5], left);
    objective.evaluate(
        Arrays.copyOfRange(NEW, 5, 8),
        NO_ENTROPIES,
        part(5, 8, OLD, ADVANTAGES),
        new float[3],
        right);
    objective.merge(left, right);
    objective
        .metrics(whole)
        .forEach(
            (name, value) ->
                assertThat(objective.metrics(left).get(name))
                    .as(name)
                    .isCloseTo(value, within(FLOAT_INPUTS)));
  }

  private static Targets part(int from, int to, float[]... channels) {
    float[][] slices = new float[channels.length][];
    for (int c = 0; c < channels.length; c++) {
      slices[c] = Arrays.copyOfRange(channels[c], from, to);
    }
    return Minibatches.responses(new int[] {to - from}, slices);
  }

  @Test
  void objectivesSurviveJson() throws Exception {
    ObjectMapper json = new ObjectMapper();
    for (Objective objective :
        new Objective[] {
          new LanguageModeling(),
          new BradleyTerry(0.01, 0),
          PolicyObjective.of(new PpoClip(0.1, 3)),
          new PolicyObjective(
              new PpoKl(), LossAggregation.RESPONSES, EntropyBonus.TOKENS, ReferenceKl.K3),
          PolicyObjective.of(new PolicyGradient()),
          new ValueLoss(0.3),
          new ScalarOffset(new BradleyTerry(0.01, 0), -0.5)
        }) {
      String text = json.writerFor(Objective.class).writeValueAsString(objective);
      assertThat(json.readValue(text, Objective.class)).isEqualTo(objective);
    }
  }
}
