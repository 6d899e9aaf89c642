package org.rlhf4j.jobs.quality;

import java.util.Arrays;

/**
 * The one-coin form of Dawid and Skene's model, for many labels: an annotator gives the right label
 * with probability a, and each of the other K - 1 labels with (1 - a)/(K - 1); all labels are
 * equally likely beforehand. {@code smoothing} votes are right and as many wrong before the first.
 *
 * @param annotators A
 * @param labels K
 */
record OneCoinModel(int annotators, int labels, double smoothing) implements LabelModel {
  private static final int RIGHT = 0;
  private static final int VOTES = 1;
  private static final double LEAST = 1e-12;

  @Override
  public String name() {
    return "one-coin";
  }

  /** Right votes and votes; as parameters the logarithms of a and (1 - a)/(K - 1). */
  @Override
  public int width() {
    return 2;
  }

  @Override
  public void expect(VoteBlock block, double[] parameters, AnnotatorSums sums) {
    for (int i = 0; i < block.items(); i++) {
      CodedItem item = block.item(i);
      boolean isFirst = parameters.length == 0;
      Posterior posterior = isFirst ? Posterior.ofShares(item) : posterior(item, parameters);
      for (int v = 0; v < item.votes(); v++) {
        double right = posterior.of(item.labels()[v]);
        long[] amounts = {Math.round(right * FixedPoint.UNIT), (long) FixedPoint.UNIT};
        sums.add(item.annotators()[v], 0, amounts);
      }

      sums.addLogLikelihood(posterior.logLikelihood());
    }
  }

  @Override
  public double[] maximize(long[] sums) {
    double[] parameters = new double[sums.length];
    for (int a = 0; a < annotators; a++) {
      double right = sums[2 * a + RIGHT] / FixedPoint.UNIT + smoothing;
      double votes = sums[2 * a + VOTES] / FixedPoint.UNIT + 2 * smoothing;
      setAccuracy(parameters, a, right / votes);
    }

    return parameters;
  }

  private void setAccuracy(double[] parameters, int annotator, double share) {
    double accuracy = Math.min(1 - LEAST, Math.max(LEAST, share));
    parameters[2 * annotator] = Math.log(accuracy);
    parameters[2 * annotator + 1] = Math.log((1 - accuracy) / Math.max(1, labels - 1));
  }

  @Override
  public double logPrior(double[] parameters) {
    double sum = 0;
    for (int place = 0; place < 2 * annotators; place++) {
      sum += parameters[place];
    }

    return smoothing * sum;
  }

  @Override
  public double[] normalized(double[] parameters) {
    int others = Math.max(1, labels - 1);
    for (int a = 0; a < annotators; a++) {
      double odds = others * Math.exp(parameters[2 * a + 1] - parameters[2 * a]);
      setAccuracy(parameters, a, 1 / (1 + odds));
    }

    return parameters;
  }

  @Override
  public Posterior posterior(CodedItem item, double[] parameters) {
    int[] candidates = item.distinctLabels();
    double[] logits = new double[candidates.length];
    double other = fillLogits(item, candidates, parameters, logits);
    return Posterior.ofLogits(candidates, logits, togetherLogit(other, labels - candidates.length));
  }

  /**
   * Logarithms of prior times likelihood of the labels that somebody gave.
   *
   * @param candidates these labels, ascending, [C]
   * @param logits filled, [C]
   * @return that of each label nobody gave
   */
  double fillLogits(CodedItem item, int[] candidates, double[] parameters, double[] logits) {
    double allWrong = -Math.log(labels);
    for (int annotator : item.annotators()) {
      allWrong += parameters[2 * annotator + 1];
    }

    Arrays.fill(logits, allWrong);
    for (int v = 0; v < item.votes(); v++) {
      int annotator = item.annotators()[v];
      logits[Arrays.binarySearch(candidates, item.labels()[v])] +=
          parameters[2 * annotator] - parameters[2 * annotator + 1];
    }

    return allWrong;
  }

  /** Logit of some labels together, all with the same. */
  static double togetherLogit(double each, int count) {
    return count > 0 ? each + Math.log(count) : Double.NEGATIVE_INFINITY;
  }

  @Override
  public OtherVotes others(CodedItem item, LabelFit fit) {
    return new OneCoinVotes(this, item, fit);
  }
}
