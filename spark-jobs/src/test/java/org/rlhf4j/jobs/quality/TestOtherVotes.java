package org.rlhf4j.jobs.quality;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.Random;
import java.util.stream.IntStream;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class TestOtherVotes {
  private static final Offset<Double> EXACT = within(1e-12);
  private static final int LABELS = 3;

  @Test
  void residualHasMeanZero() {
    for (LabelFit fit : fits()) {
      double mean = 0;
      for (int label = 0; label < LABELS; label++) {
        CodedItem item = Votes.on("i", 0, 2, label, 2);
        mean += given(fit, item, 2, label) * fit.others(item).residual(2);
      }

      assertThat(mean).isCloseTo(0, EXACT);
    }
  }

  /** Labels that only the vote itself gives, and labels that nobody gives, count, too. */
  @Test
  void residualIsThatOfTheOtherVotesAlone() {
    LabelFit fit = fits()[1];
    CodedItem item = Votes.on("i", 0, 2, 2, 2);
    double expected = 0;
    for (int label = 0; label < LABELS; label++) {
      expected += given(item, fit, label) * right(fit, without(item, 0), label);
    }

    assertThat(fit.others(item).residual(0))
        .isCloseTo(right(fit, without(item, 0), 0) - expected, EXACT);
  }

  /** Takes minutes where the votes are copied for each of them. */
  @Test
  @Timeout(20)
  void manyVotesOnOneItemTakeNoTimeEach() {
    int votes = 60_000;
    double[] parameters = new double[2 * votes + 2];
    Arrays.fill(parameters, Math.log(0.5));
    LabelFit fit = new LabelFit(new OneCoinModel(votes, 2, 1), parameters, 1, true, 0);
    CodedItem item = Votes.on("i", IntStream.range(0, votes).map(v -> v % 2).toArray());

    OtherVotes others = fit.others(item);

    for (int v = 0; v < votes; v++) {
      assertThat(others.residual(v)).isCloseTo(0, within(1e-9));
    }
  }

  @Test
  void agreementIsThatOfIndependentVotes() {
    for (LabelFit fit : fits()) {
      CodedItem item = Votes.on("i", 0, 2, 1, 2);
      CodedItem others = without(without(item, 3), 1);
      double expected = 0;
      for (int right = 0; right < LABELS; right++) {
        for (int label = 0; label < LABELS; label++) {
          expected +=
              right(fit, others, right)
                  * probability(fit, 1, right, label)
                  * probability(fit, 3, right, label);
        }
      }

      assertThat(fit.others(item).agreement(1, 3)).isCloseTo(expected, EXACT);
    }
  }

  /** Probability that the first annotator gives the label, from the other votes. */
  private static double given(CodedItem item, LabelFit fit, int label) {
    double given = 0;
    for (int right = 0; right < LABELS; right++) {
      given += right(fit, without(item, 0), right) * probability(fit, 0, right, label);
    }

    return given;
  }

  /** Probability that the annotator gives the label, from the other votes. */
  private static double given(LabelFit fit, CodedItem item, int vote, int label) {
    double given = 0;
    for (int right = 0; right < LABELS; right++) {
      given +=
          right(fit, without(item, vote), right)
              * probability(fit, item.annotators()[vote], right, label);
    }

    return given;
  }

  /** Labels and annotators of all votes but one. */
  private static CodedItem without(CodedItem item, int vote) {
    return item.only(IntStream.range(0, item.votes()).filter(v -> v != vote).toArray());
  }

  private static double right(LabelFit fit, CodedItem item, int label) {
    Posterior posterior = fit.posterior(item);
    double unlisted = 1;
    for (double probability : posterior.probabilities()) {
      unlisted -= probability;
    }

    return posterior.of(label, unlisted / Math.max(1, LABELS - posterior.labels().length));
  }

  private static double probability(LabelFit fit, int annotator, int right, int given) {
    if (fit.model() instanceof ConfusionModel model) {
      return fit.probabilities()[annotator * model.width() + model.place(right, given)];
    }

    return fit.probabilities()[2 * annotator + (right == given ? 0 : 1)];
  }

  private static LabelFit[] fits() {
    Random random = new Random(4);
    long[] counts = random.longs(5 * LABELS * LABELS, 1L << 30, 1L << 36).toArray();
    LabelModel confusion = new ConfusionModel(4, LABELS, 1);
    LabelModel oneCoin = new OneCoinModel(4, LABELS, 1);
    long[] coins = new long[10];
    for (int a = 0; a < 4; a++) {
      coins[2 * a] = (long) ((a + 3.0) * 0x1p32);
      coins[2 * a + 1] = 8L << 32;
    }

    return new LabelFit[] {
      new LabelFit(confusion, confusion.maximize(counts), 1, true, 0),
      new LabelFit(oneCoin, oneCoin.maximize(coins), 1, true, 0)
    };
  }
}
