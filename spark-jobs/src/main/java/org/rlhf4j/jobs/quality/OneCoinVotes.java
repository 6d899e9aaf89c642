package org.rlhf4j.jobs.quality;

/** Of one number an annotator: a label nobody else gave is one of many. */
final class OneCoinVotes implements OtherVotes {
  private final OneCoinModel model;
  private final CodedItem item;
  private final LabelFit fit;

  OneCoinVotes(OneCoinModel model, CodedItem item, LabelFit fit) {
    this.model = model;
    this.item = item;
    this.fit = fit;
  }

  @Override
  public double residual(int vote) {
    Posterior others = fit.posterior(item.without(vote));
    int place = 2 * item.annotators()[vote];
    double right = fit.probabilities()[place];
    double wrong = fit.probabilities()[place + 1];
    double expected = 0;
    double rest = 1;
    for (double probability : others.probabilities()) {
      expected += probability * (probability * right + (1 - probability) * wrong);
      rest -= probability;
    }

    int unseen = model.labels() - others.labels().length;
    if (unseen > 0) {
      double each = Math.max(0, rest) / unseen;
      expected += unseen * each * (each * right + (1 - each) * wrong);
      return others.of(item.labels()[vote], each) - expected;
    }

    return others.of(item.labels()[vote]) - expected;
  }

  @Override
  public double agreement(int vote, int other) {
    int one = 2 * item.annotators()[vote];
    int two = 2 * item.annotators()[other];
    double[] probabilities = fit.probabilities();
    double bothRight = probabilities[one] * probabilities[two];
    double bothWrong = probabilities[one + 1] * probabilities[two + 1];
    return bothRight + (model.labels() - 1) * bothWrong;
  }
}
