package org.rlhf4j.objective;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class TestRewardObjectives {
  private static final double FLOAT_INPUTS = 1e-6;
  private static final double FINITE_DIFFERENCE = 1e-4;
  private static final float[] NO_ENTROPIES = {};
  private static final float[] BEST_TO_WORST = {.9f, .2f, -.3f, .5f};

  private static double loss(Objective objective, float[] outputs, Targets targets) {
    return objective.evaluate(
        outputs,
        NO_ENTROPIES,
        targets,
        new float[outputs.length],
        new double[objective.statistics().length]);
  }

  private static Map<String, Double> metrics(
      Objective objective, float[] outputs, Targets targets) {
    double[] statistics = new double[objective.statistics().length];
    objective.evaluate(outputs, NO_ENTROPIES, targets, new float[outputs.length], statistics);
    return objective.metrics(statistics);
  }

  /** Rankings of the given sizes. */
  private static Targets rankings(int[] sizes, float[] weights, float[] ranks) {
    int[] sequences = new int[ranks.length];
    int[] examples = new int[ranks.length];
    int k = 0;
    for (int example = 0; example < sizes.length; example++) {
      for (int i = 0; i < sizes[example]; i++) {
        sequences[k] = k;
        examples[k++] = example;
      }
    }
    return new Targets(sequences, examples, new float[][] {weights, ranks});
  }

  private static final Targets ONE_RANKING =
      rankings(new int[] {4}, new float[] {1, 1, 1, 1}, new float[] {3, 2, 1, 0});

  /** Far from 0, where a sum of squares would lose all digits; parts of unequal weight. */
  @Test
  void momentsOfScoresMergeIntoThoseOfTheWhole() {
    float[] scores = {10_000, 10_001, 10_003, 10_007};
    float[] weights = {1, .5f, .5f, 2};
    ScoreMoments moments = new ScoreMoments();
    double[] merged = new double[moments.statistics().length];
    for (int k = 0; k < scores.length; k++) {
      double[] part = new double[merged.length];
      Targets one = Minibatches.responses(new int[] {1}, new float[] {weights[k]});
      moments.evaluate(new float[] {scores[k]}, NO_ENTROPIES, one, new float[1], part);
      moments.merge(merged, part);
    }
    Targets all = Minibatches.responses(new int[] {1, 1, 1, 1}, weights);
    for (Map<String, Double> metrics :
        List.of(metrics(moments, scores, all), moments.metrics(merged))) {
      assertThat(metrics.get("reference/mean")).isCloseTo(10_004, within(FLOAT_INPUTS));
      assertThat(metrics.get("reference/deviation"))
          .isCloseTo(Math.sqrt((16 + .5 * 9 + .5 * 1 + 2 * 9) / 4), within(FLOAT_INPUTS));
    }
  }

  /** Golden numbers: the mean over six pairs, lm-human-preferences' softmax, the formula. */
  @ParameterizedTest
  @CsvSource({
    "PAIRS, .6131694438699755",
    "BEST_OF_K, .9034484462907474",
    "PLACKETT_LUCE, 3.158517861479349"
  })
  void aRankingOfFour(Ranking.Kind kind, double expected) {
    assertThat(loss(new Ranking(kind), BEST_TO_WORST, ONE_RANKING))
        .isCloseTo(expected, within(FLOAT_INPUTS));
  }

  /** A ranking of three with a tie at the top, and one of two. */
  private static final float[] SCORES = {.4f, -.2f, .7f, 1.1f, -.6f};

  private static final float[] WEIGHTS = {2, 2, 2, .5f, .5f};
  private static final Targets TIES =
      rankings(new int[] {3, 2}, WEIGHTS, new float[] {1, 1, 0, 1, 0});

  @ParameterizedTest
  @EnumSource(Ranking.Kind.class)
  void gradientsAreTheDerivatives(Ranking.Kind kind) {
    Ranking objective = new Ranking(kind);
    assertThat(Minibatches.gradientError(objective, SCORES, TIES)).isLessThan(FINITE_DIFFERENCE);
    assertThat(Minibatches.gradientError(objective, BEST_TO_WORST, ONE_RANKING))
        .isLessThan(FINITE_DIFFERENCE);
  }

  @Test
  void tiedResponsesAreNotCompared() {
    double first = Math.log1p(Math.exp(.7 - .4));
    double second = Math.log1p(Math.exp(.7 + .2));
    double pair = Math.log1p(Math.exp(-.6 - 1.1));
    assertThat(loss(new Ranking(Ranking.Kind.PAIRS), SCORES, TIES))
        .isCloseTo((2 * (first + second) / 2 + .5 * pair) / 2.5, within(FLOAT_INPUTS));
    assertThat(loss(new Ranking(Ranking.Kind.BEST_OF_K), SCORES, TIES))
        .isCloseTo((2 * (first + second) / 2 + .5 * pair) / 2.5, within(FLOAT_INPUTS));
    assertThat(loss(new Ranking(Ranking.Kind.PLACKETT_LUCE), SCORES, TIES))
        .isCloseTo((2 * (first + second) + .5 * pair) / 2.5, within(FLOAT_INPUTS));
    assertThat(metrics(new Ranking(Ranking.Kind.PAIRS), SCORES, TIES).get("accuracy"))
        .isCloseTo(1.0 / 3, within(FLOAT_INPUTS));
  }

  @Test
  void aRankingOfTwoIsBradleyTerry() {
    float[] scores = {1.2f, .7f, .3f, .9f, -.5f, -.5f};
    float[] even = {1, 1, 1, 1, 1, 1};
    double expected = loss(new BradleyTerry(0, 0), scores, Minibatches.pairs(even, new float[6]));
    Targets targets = rankings(new int[] {2, 2, 2}, even, new float[] {1, 0, 1, 0, 1, 0});
    for (Ranking.Kind kind : Ranking.Kind.values()) {
      assertThat(loss(new Ranking(kind), scores, targets))
          .as("%s", kind)
          .isCloseTo(expected, within(FLOAT_INPUTS));
    }
  }

  @Test
  void largeScoresDoNotOverflow() {
    float[] scores = {2000, -2000, 0, 1000};
    for (Ranking.Kind kind : Ranking.Kind.values()) {
      assertThat(loss(new Ranking(kind), scores, ONE_RANKING)).as("%s", kind).isFinite();
    }
  }

  @Test
  void aRankingHasOneTargetPerSequence() {
    Targets two = new Targets(new int[] {0, 0}, new int[] {0}, new float[2][2]);
    assertThatThrownBy(() -> loss(new Ranking(Ranking.Kind.PAIRS), new float[2], two))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("one target each");
  }

  @Test
  void labelSmoothingMixesBothLabels() {
    float[] scores = {1.2f, .7f};
    Targets pair = Minibatches.pairs(new float[] {1, 1}, new float[2]);
    double right = Math.log1p(Math.exp(-.5));
    double wrong = Math.log1p(Math.exp(.5));
    assertThat(loss(new BradleyTerry(0, 0.2), scores, pair))
        .isCloseTo(.8 * right + .2 * wrong, within(FLOAT_INPUTS));
    assertThat(Minibatches.gradientError(new BradleyTerry(0.01, 0.2), scores, pair))
        .isLessThan(FINITE_DIFFERENCE);
  }

  private static final float[] GRADES = {1, 0, 1, 0, .5f};

  private static Targets graded(float[] grades) {
    return rankings(new int[] {1, 1, 1, 1, 1}, WEIGHTS, grades);
  }

  @Test
  void binaryFeedbackIsTheCrossEntropy() {
    double loss =
        2 * Math.log1p(Math.exp(-.4))
            + 2 * Math.log1p(Math.exp(-.2))
            + 2 * Math.log1p(Math.exp(-.7))
            + .5 * Math.log1p(Math.exp(1.1))
            + .5 * (Math.log1p(Math.exp(.6)) + Math.log1p(Math.exp(-.6))) / 2;
    BinaryFeedback objective = new BinaryFeedback(0);
    assertThat(loss(objective, SCORES, graded(GRADES))).isCloseTo(loss / 7, within(FLOAT_INPUTS));
    assertThat(Minibatches.gradientError(objective, SCORES, graded(GRADES)))
        .isLessThan(FINITE_DIFFERENCE);
    assertThat(Minibatches.gradientError(new BinaryFeedback(.1), SCORES, graded(GRADES)))
        .isLessThan(FINITE_DIFFERENCE);
    Map<String, Double> metrics =
        metrics(objective, new float[] {2, -1, 1, 3, 0}, graded(new float[] {1, 0, 1, 0, 0}));
    assertThat(metrics.get("accuracy")).isCloseTo(3.5 / 5, within(FLOAT_INPUTS));
    assertThat(metrics.get("margin")).isCloseTo(1.5 - 2.0 / 3, within(FLOAT_INPUTS));
  }

  @Test
  void regressionIsHalfTheSquaredError() {
    RatingLoss objective = new RatingLoss(RatingLoss.Kind.REGRESSION, 1, 5);
    float[] grades = {1, 2, 3, 4, 5};
    float[] scores = {1.5f, 2, 2, 4, 4};
    assertThat(loss(objective, scores, graded(grades)))
        .isCloseTo((2 * .25 + 2 * 1 + .5 * 1) / 2 / 7, within(FLOAT_INPUTS));
    Map<String, Double> metrics = metrics(objective, scores, graded(grades));
    assertThat(metrics.get("rating/error")).isCloseTo(Math.sqrt(2.25 / 5), within(FLOAT_INPUTS));
    // sums about the means: of the products 7, of the squares 10 and 5.8
    assertThat(metrics.get("rating/correlation"))
        .isCloseTo(7 / Math.sqrt(10 * 5.8), within(FLOAT_INPUTS));
    assertThat(Minibatches.gradientError(objective, scores, graded(grades)))
        .isLessThan(FINITE_DIFFERENCE);
  }

  @Test
  void ordinalLossIsTheLogisticLossAtEachThreshold() {
    RatingLoss objective = new RatingLoss(RatingLoss.Kind.ORDINAL, 1, 3);
    Targets middle = rankings(new int[] {1}, new float[] {1}, new float[] {2});
    float[] score = {2.25f};
    double loss = Math.log1p(Math.exp(1.5 - 2.25)) + Math.log1p(Math.exp(2.25 - 2.5));
    assertThat(loss(objective, score, middle)).isCloseTo(loss, within(FLOAT_INPUTS));
    assertThat(Minibatches.gradientError(objective, score, middle)).isLessThan(FINITE_DIFFERENCE);
  }

  @Test
  void scoresThatDoNotVaryHaveNoCorrelation() {
    RatingLoss objective = new RatingLoss(RatingLoss.Kind.REGRESSION, 1, 5);
    assertThat(metrics(objective, new float[5], graded(GRADES)))
        .containsEntry("rating/correlation", 0.0);
  }

  @Test
  void objectivesSurviveJson() throws Exception {
    ObjectMapper json = new ObjectMapper();
    for (Objective objective :
        new Objective[] {
          new Ranking(Ranking.Kind.BEST_OF_K),
          new BinaryFeedback(0.1),
          new RatingLoss(RatingLoss.Kind.ORDINAL, 0, 4)
        }) {
      String text = json.writerFor(Objective.class).writeValueAsString(objective);
      assertThat(json.readValue(text, Objective.class)).isEqualTo(objective);
    }
  }
}
