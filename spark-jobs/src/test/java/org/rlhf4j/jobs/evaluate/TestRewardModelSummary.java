package org.rlhf4j.jobs.evaluate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import java.util.function.IntToDoubleFunction;
import java.util.function.IntUnaryOperator;
import org.junit.jupiter.api.Test;
import org.rlhf4j.config.EnsembleConfig;
import org.rlhf4j.data.dataset.Split;

class TestRewardModelSummary {
  private static final double ROUNDING = 1e-12;

  @Test
  void tieCountsOneHalf() {
    RewardModelSummary summary =
        heldOut(
            List.of(
                outcome("1", 2, 1), outcome("2", 0, -1), outcome("3", -1, 1), outcome("4", 3, 1)));
    assertThat(summary.accuracy().value()).isCloseTo(2.5 / 4, within(ROUNDING));
    assertThat(summary.goldAccuracy().orElseThrow().value()).isCloseTo(0.75, within(ROUNDING));
    assertThat(summary.meanMargin()).isCloseTo(1.0, within(ROUNDING));
  }

  @Test
  void intervalOfIndependentPairsIsTheBinomialOne() {
    List<PairOutcome> outcomes = new ArrayList<>();
    for (int i = 0; i < 400; i++) {
      outcomes.add(outcome("pair-" + i, i < 280 ? 1 : -1, PairOutcome.NO_GOLD));
    }
    RewardModelSummary summary = heldOut(outcomes);
    double halfWidth = 1.96 * Math.sqrt(0.7 * 0.3 / 400);
    assertThat(summary.accuracy().low()).isCloseTo(0.7 - halfWidth, within(1e-4));
    assertThat(summary.accuracy().high()).isCloseTo(0.7 + halfWidth, within(1e-4));
    assertThat(summary.goldAccuracy()).isEmpty();
  }

  @Test
  void pairsOfOnePromptWidenTheInterval() {
    List<PairOutcome> outcomes = new ArrayList<>();
    for (int i = 0; i < 400; i++) {
      int prompt = i % 100; // four pairs of each prompt, all right or all wrong
      outcomes.add(
          outcome("pair-" + i, "prompt-" + prompt, prompt < 70 ? 1 : -1, 1, Double.NaN, ""));
    }
    Accuracy accuracy = heldOut(outcomes).accuracy();
    double halfWidth = 1.96 * Math.sqrt(0.7 * 0.3 / 100);
    assertThat(accuracy.high() - accuracy.value()).isCloseTo(halfWidth, within(1e-3));
  }

  @Test
  void calibrationErrorIsZeroWhereConfidenceIsRight() {
    List<PairOutcome> outcomes = new ArrayList<>();
    double margin = Math.log(3); // confidence 0.75
    for (int i = 0; i < 8; i++) {
      outcomes.add(outcome("pair-" + i, i < 6 ? margin : -margin, 1));
    }
    assertThat(Calibration.of(outcomes).expectedError()).isCloseTo(0, within(ROUNDING));
    assertThat(Calibration.of(outcomes.subList(0, 6)).expectedError())
        .isCloseTo(.25, within(ROUNDING));
  }

  /** Eight comparisons of confidence 0.75, six of them right, and one that is certain, wrongly. */
  @Test
  void calibrationIsToldByConfidence() {
    List<PairOutcome> outcomes = new ArrayList<>();
    double margin = Math.log(3);
    outcomes.add(outcome("certain", -40, 1));
    for (int i = 0; i < 8; i++) {
      outcomes.add(outcome("pair-" + i, i < 6 ? margin : -margin, 1));
    }
    Calibration calibration = Calibration.of(outcomes);
    assertThat(calibration.curve()).hasSize(2);
    Calibration.Bin unsure = calibration.curve().get(0);
    assertThat(unsure.confidence()).isCloseTo(0.75, within(ROUNDING));
    assertThat(unsure.accuracy().value()).isCloseTo(0.75, within(ROUNDING));
    assertThat(unsure.accuracy().comparisons()).isEqualTo(8);
    Calibration.Bin certain = calibration.curve().get(1);
    assertThat(certain.confidence()).isCloseTo(1, within(ROUNDING));
    assertThat(certain.accuracy().value()).isZero();
    assertThat(calibration.expectedError()).isCloseTo(1.0 / 9, within(ROUNDING));
  }

  @Test
  void accuracyIsToldBySourceAndLength() {
    RewardModelSummary summary =
        heldOut(
            List.of(outcome("1", 1, 5, "a"), outcome("2", -1, -5, "a"), outcome("3", 1, 0, "b")));
    assertThat(summary.bySource()).containsOnlyKeys("a", "b");
    assertThat(summary.bySource().get("a").value()).isEqualTo(0.5);
    assertThat(summary.byLength().get("chosen_longer").value()).isEqualTo(1);
    assertThat(summary.byLength().get("chosen_shorter").value()).isZero();
    assertThat(summary.byLength().get("same_length").comparisons()).isEqualTo(1);
  }

  /** Right above a mean score of 10 only, and more so the larger its margin. */
  @Test
  void accuracyIsToldByMarginAndRegion() {
    List<PairOutcome> outcomes = new ArrayList<>();
    for (int i = 0; i < 40; i++) {
      double margin = i < 20 ? -(1 + i % 4) : 5 + i;
      outcomes.add(outcome("pair-" + i, "prompt-" + i, margin, i / 2.0, i % 3, ""));
    }
    RewardModelSummary summary = heldOut(outcomes);
    assertThat(summary.byRegion()).hasSize(4);
    assertThat(summary.byRegion().get(0).from()).isZero();
    assertThat(summary.byRegion().get(1).to()).isEqualTo(9.5);
    assertThat(summary.byRegion().get(2).from()).isEqualTo(10);
    assertThat(summary.byRegion())
        .extracting(bin -> bin.accuracy().value())
        .containsExactly(0.0, 0.0, 1.0, 1.0);
    assertThat(summary.byMargin()).extracting(AccuracyBin::from).startsWith(1.0, 3.0);
    assertThat(summary.byMargin())
        .extracting(bin -> bin.accuracy().comparisons())
        .containsExactly(10L, 10L, 10L, 10L);
    assertThat(summary.byLabelMargin()).extracting(AccuracyBin::to).containsExactly(0.0, 1.0, 2.0);
    assertThat(heldOut(List.of(outcome("1", 2, 1))).byLabelMargin()).isEmpty();
  }

  /** Right on what it was trained on, wrong on the one held-out pair. */
  @Test
  void otherSplitsAreToldApart() {
    List<PairOutcome> outcomes = new ArrayList<>(List.of(outcome("held", -3, 1)));
    for (int i = 0; i < 4; i++) {
      outcomes.add(
          new PairOutcome(
              "pair-" + i, "prompt-" + i, Split.TRAIN, false, 2, 0, 1, 0, "b", Double.NaN, "ada"));
    }
    RewardModelSummary summary = heldOut(outcomes);
    assertThat(summary.bySplit()).containsOnlyKeys("train", "test");
    assertThat(summary.bySplit().get("train").comparisons()).isEqualTo(4);
    assertThat(summary.bySplit().get("train").value()).isEqualTo(1);
    assertThat(summary.bySplit().get("test")).isEqualTo(summary.accuracy());
    assertThat(summary.accuracy().value()).isZero();
    assertThat(summary.meanMargin()).isEqualTo(-3);
    assertThat(summary.bySource()).containsOnlyKeys("a");
    assertThat(summary.annotators()).isZero();
  }

  @Test
  void agreementWithEachAnnotator() {
    List<PairOutcome> outcomes = new ArrayList<>();
    for (int i = 0; i < 30; i++) {
      String annotator = i % 3 == 0 ? "ada" : i % 15 == 1 ? "" : "bob";
      outcomes.add(outcome("pair-" + i, "prompt-" + i, i % 6 == 0 ? -1 : 1, 0, 1, annotator));
    }
    RewardModelSummary summary = heldOut(outcomes);
    assertThat(summary.byAnnotator().keySet()).containsExactly("bob", "ada");
    assertThat(summary.byAnnotator().get("ada").value()).isEqualTo(0.5);
    assertThat(summary.annotators()).isEqualTo(2);
    // 18 of 18 is no proof of 100 %: Wilson's lower end is n / (n + z^2)
    Accuracy bob = summary.byAnnotator().get("bob");
    assertThat(bob.low()).isCloseTo(18 / (18 + 1.96 * 1.96), within(1e-4));
    assertThat(bob.high()).isEqualTo(1);
  }

  @Test
  void modelOfLengthAloneIsFound() {
    RewardModelCheck check = check(i -> i % 3 == 0 ? -4 : 4, i -> i % 3 == 0 ? -0.5 : 0.5);
    assertThat(check.prefersLonger()).isEqualTo(1);
    assertThat(check.longerWins().value()).isCloseTo(2.0 / 3, within(0.01));
    assertThat(check.findings())
        .containsExactly(
            "The reward model prefers the longer response in 100.0 % of the pairs, which the labels"
                + " do not; it may have learned length alone");
  }

  @Test
  void constantModelIsFound() {
    assertThat(check(i -> i % 2 == 0 ? 3 : -3, i -> 0).findings())
        .containsExactly("The reward model gives all responses the same score");
  }

  @Test
  void soundModelIsNotSuspected() {
    // Where the labels themselves follow length, so may the model.
    assertThat(check(i -> 4, i -> 0.5).findings()).isEmpty();
    assertThat(check(i -> i % 2 == 0 ? 4 : -4, i -> i % 5 == 0 ? -1 : 1).findings()).isEmpty();
  }

  @Test
  void membersJudgePairsTogether() {
    EnsembleConfig mean = new EnsembleConfig(List.of("other"), EnsembleConfig.Rule.MEAN, 0);
    PairOutcome right = outcome("1", 1, 1);
    PairOutcome wrong = outcome("1", -3, PairOutcome.NO_GOLD);
    PairOutcome together = PairOutcome.of(List.of(right, wrong), mean);
    assertThat(together.margin()).isEqualTo(-1);
    assertThat(together.goldMargin()).isEqualTo(1);
    assertThat(together.isLeftOut()).isFalse();
    // chosen: 0.5 and -1.5, mean -0.5; rejected: -0.5 and 1.5, mean 0.5; deviation 1 of both
    EnsembleConfig careful =
        new EnsembleConfig(List.of("other"), EnsembleConfig.Rule.MEAN_MINUS_DEVIATION, 1);
    assertThat(PairOutcome.of(List.of(right, wrong), careful).meanScore()).isEqualTo(-1);
  }

  @Test
  void pairThatOneMemberCannotReadIsLeftOut() {
    EnsembleConfig mean = new EnsembleConfig(List.of("other"), EnsembleConfig.Rule.MEAN, 0);
    PairOutcome unread =
        new PairOutcome(
            "1", "prompt of 1", Split.TEST, true, 0, 0, Double.NaN, 0, "a", Double.NaN, "");
    assertThat(PairOutcome.of(List.of(outcome("1", 1, 1), unread), mean).isLeftOut()).isTrue();
    assertThatThrownBy(() -> PairOutcome.of(List.of(outcome("1", 1, 1), outcome("2", 1, 1)), mean))
        .hasMessage("These are outcomes of different comparisons");
  }

  private static RewardModelSummary heldOut(List<PairOutcome> outcomes) {
    return RewardModelSummary.of(outcomes, Split.TEST, 0);
  }

  private static RewardModelCheck check(IntUnaryOperator length, IntToDoubleFunction margin) {
    List<PairOutcome> outcomes = new ArrayList<>();
    for (int i = 0; i < 60; i++) {
      outcomes.add(outcome("pair-" + i, margin.applyAsDouble(i), length.applyAsInt(i), "a"));
    }
    return heldOut(outcomes).check();
  }

  private static PairOutcome outcome(String id, double margin, int lengthMargin, String source) {
    return outcome(id, "prompt of " + id, margin, 0, 1, lengthMargin, source, Double.NaN, "");
  }

  private static PairOutcome outcome(String id, double margin, double goldMargin) {
    return outcome(id, "prompt of " + id, margin, 0, goldMargin, 0, "a", Double.NaN, "");
  }

  private static PairOutcome outcome(
      String id, String prompt, double margin, double meanScore, double label, String annotator) {
    return outcome(id, prompt, margin, meanScore, PairOutcome.NO_GOLD, 0, "a", label, annotator);
  }

  private static PairOutcome outcome(
      String id,
      String prompt,
      double margin,
      double meanScore,
      double goldMargin,
      int lengthMargin,
      String source,
      double label,
      String annotator) {
    return new PairOutcome(
        id,
        prompt,
        Split.TEST,
        false,
        meanScore + margin / 2,
        meanScore - margin / 2,
        goldMargin,
        lengthMargin,
        source,
        label,
        annotator);
  }
}
