package org.rlhf4j.jobs.quality;

import java.util.Arrays;

/**
 * Of one number an annotator: a label nobody else gave is one of many. The others' evidence is the
 * item's logits less the own part.
 */
final class OneCoinVotes implements OtherVotes {
  private final OneCoinModel model;
  private final CodedItem item;
  private final LabelFit fit;

  /** Labels that somebody gave, ascending, [C]. */
  private final int[] labels;

  /** Their logits from all votes, [C]. */
  private final double[] logits;

  /** That of each label nobody gave. */
  private final double otherLogit;

  private final double[] probabilities;

  OneCoinVotes(OneCoinModel model, CodedItem item, LabelFit fit) {
    this.model = model;
    this.item = item;
    this.fit = fit;
    this.labels = item.distinctLabels();
    this.logits = new double[labels.length];
    this.otherLogit = model.fillLogits(item, labels, fit.parameters(), logits);
    this.probabilities = new double[labels.length];
  }

  @Override
  public double residual(int vote) {
    int place = 2 * item.annotators()[vote];
    int own = Arrays.binarySearch(labels, item.labels()[vote]);
    int unseen = model.labels() - labels.length;
    takeOut(place, own);
    double unseenLogit =
        OneCoinModel.togetherLogit(otherLogit - fit.parameters()[place + 1], unseen);
    Posterior.normalize(probabilities, unseenLogit);
    double right = fit.probabilities()[place];
    double wrong = fit.probabilities()[place + 1];
    double expected = 0;
    double rest = 1;
    for (double probability : probabilities) {
      expected += probability * (probability * right + (1 - probability) * wrong);
      rest -= probability;
    }

    if (unseen > 0) {
      double each = Math.max(0, rest) / unseen;
      expected += unseen * each * (each * right + (1 - each) * wrong);
    }

    return probabilities[own] - expected;
  }

  /** Leaves the logits of the other votes in the probabilities. */
  private void takeOut(int place, int own) {
    double[] parameters = fit.parameters();
    for (int c = 0; c < labels.length; c++) {
      probabilities[c] = logits[c] - parameters[c == own ? place : place + 1];
    }
  }

  @Override
  public double agreement(int vote, int other) {
    int one = 2 * item.annotators()[vote];
    int two = 2 * item.annotators()[other];
    double[] known = fit.probabilities();
    double bothRight = known[one] * known[two];
    double bothWrong = known[one + 1] * known[two + 1];
    return bothRight + (model.labels() - 1) * bothWrong;
  }
}
