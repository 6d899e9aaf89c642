package org.rlhf4j.objective;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.Arrays;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

/** Golden numbers are those of eric-mitchell's DPO where a test does not say otherwise. */
class TestPreferenceObjectives {
  private static final double DOUBLE_INPUTS = 1e-12;
  private static final double FLOAT_INPUTS = 1e-6;
  private static final double DOUBLE_DIFFERENCE = 1e-7;
  private static final double FLOAT_DIFFERENCE = 1e-4;
  private static final float[] NO_ENTROPIES = {};

  private static final ResponseSum[] CHOSEN = {sum(-12, -13, 6), sum(-30, -29.5, 20)};
  private static final ResponseSum[] REJECTED = {sum(-14, -13.5, 7), sum(-28, -29, 14)};

  /** Mean log-probabilities [-2, -1.5] and [-2, -2]. */
  private static final ResponseSum[] SHORT_CHOSEN = {sum(-8, 0, 4), sum(-3, 0, 2)};

  private static final ResponseSum[] SHORT_REJECTED = {sum(-4, 0, 2), sum(-6, 0, 3)};

  static final PairObjective[] PAIR_OBJECTIVES = {
    new DpoLoss(0.5, 0),
    new DpoLoss(0.1, 0.1),
    new IpoLoss(0.3, IpoLoss.Normalization.SUM),
    new IpoLoss(0.3, IpoLoss.Normalization.MEAN_OVER_TOKENS),
    new SimpoLoss(2, 1),
    new OrpoLoss(0.1)
  };

  private static ResponseSum sum(double logprob, double reference, int tokens) {
    return new ResponseSum(0, tokens, logprob, reference, 1);
  }

  private static void assertLosses(
      PairObjective objective, ResponseSum[] chosen, ResponseSum[] rejected, double... expected) {
    for (int i = 0; i < expected.length; i++) {
      assertThat(objective.pair(chosen[i], rejected[i]).loss())
          .isCloseTo(expected[i], within(DOUBLE_INPUTS));
    }
  }

  @Test
  void dpoMatchesItsAuthors() {
    DpoLoss dpo = new DpoLoss(0.1, 0);
    assertLosses(dpo, CHOSEN, REJECTED, .6209570477895321, .7709570477895321);
    assertLosses(new DpoLoss(0.5, 0), CHOSEN, REJECTED, .38687100611489994, 1.1368710061148999);
    assertLosses(new DpoLoss(0.1, 0.1), CHOSEN, REJECTED, .6359570477895321, .7559570477895321);
    PairLoss first = dpo.pair(CHOSEN[0], REJECTED[0]);
    assertThat(first.chosenReward()).isCloseTo(.1, within(DOUBLE_INPUTS));
    assertThat(first.rejectedReward()).isCloseTo(-.05, within(DOUBLE_INPUTS));
  }

  @Test
  void ipoMatchesItsAuthorsAndByLengthTheFormula() {
    assertLosses(new IpoLoss(0.1, IpoLoss.Normalization.SUM), CHOSEN, REJECTED, 12.25, 42.25);
    assertLosses(
        new IpoLoss(0.1, IpoLoss.Normalization.MEAN_OVER_TOKENS),
        CHOSEN,
        REJECTED,
        22.675736961451246,
        25.97358418367347);
  }

  @Test
  void simpoAndTheOddsOfOrpoMatchTheFormulas() {
    assertLosses(
        new SimpoLoss(2, 1), SHORT_CHOSEN, SHORT_REJECTED, 1.3132616875182228, .6931471805599453);
    assertLosses(
        new OrpoLoss(1),
        SHORT_CHOSEN,
        SHORT_REJECTED,
        2 + .6931471805599453,
        1.5 + .4349888068705395);
  }

  @ParameterizedTest
  @FieldSource("PAIR_OBJECTIVES")
  void slopesAreTheDerivativesOfTheLoss(PairObjective objective) {
    double step = 1e-5;
    Random random = new Random(1);
    for (int trial = 0; trial < 20; trial++) {
      ResponseSum chosen = response(random);
      ResponseSum rejected = response(random);
      PairLoss pair = objective.pair(chosen, rejected);
      double chosenRise =
          objective.pair(moved(chosen, step), rejected).loss()
              - objective.pair(moved(chosen, -step), rejected).loss();
      double rejectedRise =
          objective.pair(chosen, moved(rejected, step)).loss()
              - objective.pair(chosen, moved(rejected, -step)).loss();
      assertThat(pair.chosenSlope()).isCloseTo(chosenRise / (2 * step), within(DOUBLE_DIFFERENCE));
      assertThat(pair.rejectedSlope())
          .isCloseTo(rejectedRise / (2 * step), within(DOUBLE_DIFFERENCE));
    }
  }

  private static ResponseSum response(Random random) {
    int tokens = 1 + random.nextInt(9);
    double logprob = -tokens * (0.05 + random.nextDouble());
    return sum(logprob, logprob + random.nextGaussian(), tokens);
  }

  private static ResponseSum moved(ResponseSum response, double by) {
    return sum(response.logprob() + by, response.reference(), response.tokens());
  }

  private static final float[] LOGPROBS = {
    -1.5f, -.25f, -2f, -1.25f, -.75f, -.5f, -3f, -1f, -.125f, -2.5f
  };
  private static final float[] REFERENCE = {
    -1f, -.5f, -2.5f, -1f, -.5f, -.75f, -2.5f, -1.5f, -.25f, -2f
  };
  private static final float[] WEIGHTS = {2, 2, 2, 2, 2, .5f, .5f, .5f, .5f, .5f};

  /** Two pairs: responses of 3 and 2, and of 1 and 4 tokens. */
  private static Targets pairs(PairObjective objective) {
    int[] sequences = {0, 0, 0, 1, 1, 2, 3, 3, 3, 3};
    float[][] channels =
        objective.usesReference() ? new float[][] {WEIGHTS, REFERENCE} : new float[][] {WEIGHTS};
    return new Targets(sequences, new int[] {0, 0, 1, 1}, channels);
  }

  @ParameterizedTest
  @FieldSource("PAIR_OBJECTIVES")
  void lossIsTheWeightedMeanOverPairsAndTheGradientItsDerivative(PairObjective objective) {
    Targets targets = pairs(objective);
    assertThat(Minibatches.gradientError(objective, LOGPROBS, targets))
        .isLessThan(FLOAT_DIFFERENCE * 40); // losses of ipo are two orders larger
    boolean reference = objective.usesReference();
    ResponseSum[] all = {
      sum(-3.75, reference ? -4 : 0, 3),
      sum(-2, reference ? -1.5 : 0, 2),
      sum(-.5, reference ? -.75 : 0, 1),
      sum(-6.625, reference ? -6.25 : 0, 4)
    };
    double first = objective.pair(all[0], all[1]).loss();
    double second = objective.pair(all[2], all[3]).loss();
    double[] statistics = new double[objective.statistics().length];
    assertThat(objective.evaluate(LOGPROBS, NO_ENTROPIES, targets, new float[10], statistics))
        .isCloseTo((2 * first + .5 * second) / 2.5, within(FLOAT_INPUTS));
    Map<String, Double> metrics = objective.metrics(statistics);
    assertThat(metrics.get("logprobs/chosen")).isCloseTo(-2.125, within(FLOAT_INPUTS));
    assertThat(metrics.get("logprobs/rejected")).isCloseTo(-4.3125, within(FLOAT_INPUTS));
    assertThat(metrics.get("rewards/margin"))
        .isCloseTo(
            metrics.get("rewards/chosen") - metrics.get("rewards/rejected"), within(DOUBLE_INPUTS));
  }

  @Test
  void rewardsAreThoseOfTheLogRatios() {
    DpoLoss dpo = new DpoLoss(0.5, 0);
    double[] statistics = new double[dpo.statistics().length];
    dpo.evaluate(LOGPROBS, NO_ENTROPIES, pairs(dpo), new float[10], statistics);
    Map<String, Double> metrics = dpo.metrics(statistics);
    // log-ratios: chosen .25 and .25, rejected -.5 and -.375
    assertThat(metrics.get("rewards/chosen")).isCloseTo(.125, within(FLOAT_INPUTS));
    assertThat(metrics.get("rewards/rejected")).isCloseTo(-.21875, within(FLOAT_INPUTS));
    assertThat(metrics.get("accuracy")).isEqualTo(1);
  }

  /** Good, bad and two unrelated responses; their log-ratios are 0.25, -0.5, 0.25 and -0.375. */
  private static Targets labelled(float firstReference) {
    int[] sequences = {0, 0, 0, 1, 1, 2, 3, 3, 3, 3};
    float[] labels = {1, 1, 1, -1, -1, 0, 0, 0, 0, 0};
    float[] weights = {2, 2, 2, .5f, .5f, 1, 1, 1, 1, 1};
    float[] reference = REFERENCE.clone();
    reference[5] = firstReference;
    return new Targets(
        sequences, new int[] {0, 0, 1, 1}, new float[][] {weights, labels, reference});
  }

  @Test
  void ktoComparesWithTheReferencePoint() {
    KtoLoss kto = new KtoLoss(0.5, 1, 1.5);
    // with -2.875 the unrelated log-ratios are 2.375 and -.375: z = 1
    Targets targets = labelled(-2.875f);
    double[] statistics = new double[kto.statistics().length];
    double loss = kto.evaluate(LOGPROBS, NO_ENTROPIES, targets, new float[10], statistics);
    double good = 1 - Statistics.sigmoid(.5 * (.25 - 1));
    double bad = 1 - Statistics.sigmoid(.5 * (1 + .5));
    assertThat(loss).isCloseTo((2 * good + .5 * 1.5 * bad) / 2.5, within(FLOAT_INPUTS));
    Map<String, Double> metrics = kto.metrics(statistics);
    assertThat(metrics.get("kto/reference-point")).isCloseTo(1, within(FLOAT_INPUTS));
    assertThat(metrics.get("accuracy")).isEqualTo(0.5);
    assertThat(metrics.get("rewards/chosen")).isCloseTo(.125, within(FLOAT_INPUTS));
    assertThat(metrics.get("rewards/rejected")).isCloseTo(-.25, within(FLOAT_INPUTS));
  }

  @Test
  void ktosReferencePointIsNeverNegativeAndHasNoGradient() {
    KtoLoss kto = new KtoLoss(0.5, 1, 1.5);
    Targets targets = labelled(-.5f); // the unrelated log-ratios are 0 and -.375
    double[] statistics = new double[kto.statistics().length];
    float[] gradient = new float[10];
    kto.evaluate(LOGPROBS, NO_ENTROPIES, targets, gradient, statistics);
    assertThat(kto.metrics(statistics)).containsEntry("kto/reference-point", 0.0);
    assertThat(Arrays.copyOfRange(gradient, 5, 10)).containsOnly(0);
    // Moving the unrelated responses by a step leaves z at 0, so differences are exact here.
    assertThat(Minibatches.gradientError(kto, LOGPROBS, targets)).isLessThan(FLOAT_DIFFERENCE);
  }

  @Test
  void aSequenceWithoutPartnerOrTokensIsRefused() {
    DpoLoss dpo = new DpoLoss(0.1, 0);
    double[] statistics = new double[dpo.statistics().length];
    float[][] channels = {new float[2], new float[2]};
    Targets lonely = new Targets(new int[] {0, 1}, new int[] {0, 1}, channels);
    assertThatThrownBy(
            () -> dpo.evaluate(new float[2], NO_ENTROPIES, lonely, new float[2], statistics))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("sequence 0 has no partner");
    Targets silent = new Targets(new int[] {0, 0}, new int[] {0, 0}, channels);
    assertThatThrownBy(
            () -> dpo.evaluate(new float[2], NO_ENTROPIES, silent, new float[2], statistics))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("Sequence 1 has no target");
  }

  @Test
  void objectivesSurviveJson() throws Exception {
    ObjectMapper json = new ObjectMapper();
    for (Objective objective : PAIR_OBJECTIVES) {
      assertThat(copy(json, objective)).isEqualTo(objective);
    }
    KtoLoss kto = new KtoLoss(0.1, 2, 3);
    assertThat(copy(json, kto)).isEqualTo(kto);
  }

  private static Objective copy(ObjectMapper json, Objective objective) throws Exception {
    String text = json.writerFor(Objective.class).writeValueAsString(objective);
    return json.readValue(text, Objective.class);
  }
}
