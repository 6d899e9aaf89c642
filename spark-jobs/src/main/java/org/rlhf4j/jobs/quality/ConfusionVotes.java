package org.rlhf4j.jobs.quality;

/** Of the confusion matrices: the others' evidence is the item's logits less the own part. */
final class ConfusionVotes implements OtherVotes {
  private final ConfusionModel model;
  private final CodedItem item;
  private final LabelFit fit;
  private final double[] logits;
  private final double[] right;

  ConfusionVotes(ConfusionModel model, CodedItem item, LabelFit fit) {
    this.model = model;
    this.item = item;
    this.fit = fit;
    this.logits = new double[model.labels()];
    this.right = new double[model.labels()];
    model.fillLogits(item.annotators(), item.labels(), 0, item.votes(), fit.parameters(), logits);
  }

  @Override
  public double residual(int vote) {
    System.arraycopy(logits, 0, right, 0, right.length);
    takeOut(vote);
    Posterior.normalize(right, Double.NEGATIVE_INFINITY);
    double[] probabilities = fit.probabilities();
    int start = item.annotators()[vote] * model.width();
    double expected = 0;
    for (int l = 0; l < right.length; l++) {
      double given = 0;
      for (int k = 0; k < right.length; k++) {
        given += right[k] * probabilities[start + model.place(k, l)];
      }

      expected += given * right[l];
    }

    return right[item.labels()[vote]] - expected;
  }

  @Override
  public double agreement(int vote, int other) {
    System.arraycopy(logits, 0, right, 0, right.length);
    takeOut(vote);
    takeOut(other);
    Posterior.normalize(right, Double.NEGATIVE_INFINITY);
    double[] probabilities = fit.probabilities();
    int one = item.annotators()[vote] * model.width();
    int two = item.annotators()[other] * model.width();
    double agreement = 0;
    for (int l = 0; l < right.length; l++) {
      for (int k = 0; k < right.length; k++) {
        int place = model.place(k, l);
        agreement += right[k] * probabilities[one + place] * probabilities[two + place];
      }
    }

    return agreement;
  }

  private void takeOut(int vote) {
    int place = item.annotators()[vote] * model.width() + model.place(0, item.labels()[vote]);
    for (int k = 0; k < right.length; k++) {
      right[k] -= fit.parameters()[place + k];
    }
  }
}
