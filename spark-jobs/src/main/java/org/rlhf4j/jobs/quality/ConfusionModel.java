package org.rlhf4j.jobs.quality;

import java.util.stream.IntStream;

/**
 * The model of Dawid and Skene (1979, Applied Statistics 28:20): an annotator gives label l to an
 * item whose right label is k with probability theta[k, l] (eq. 2.3), labels are right with the
 * shares of the data (eq. 2.4), and votes are independent given the right label (eq. 2.5).
 *
 * <p>Departure from the paper: each row of theta begins with {@code smoothing} right votes and as
 * many wrong ones, spread over the other labels, so that three lucky votes make nobody infallible;
 * 0 gives the paper's maximum likelihood.
 *
 * @param annotators A
 * @param labels K
 */
record ConfusionModel(int annotators, int labels, double smoothing) implements LabelModel {
  static final int MAX_LABELS = 64;

  /** 64 MiB of parameters. */
  static final long MAX_PARAMETERS = 8L << 20;

  /** Probability below which a parameter does not fall, so that its logarithm is finite. */
  private static final double LEAST = 1e-12;

  @Override
  public String name() {
    return "dawid-skene";
  }

  @Override
  public int width() {
    return labels * labels;
  }

  @Override
  public void add(CodedItem item, Posterior posterior, AnnotatorSums sums) {
    for (int c = 0; c < posterior.labels().length; c++) {
      double probability = posterior.probabilities()[c];
      int row = posterior.labels()[c] * labels;
      for (int v = 0; v < item.votes(); v++) {
        sums.add(item.annotators()[v], row + item.labels()[v], probability);
      }

      sums.add(annotators, posterior.labels()[c], probability);
    }
  }

  @Override
  public double[] maximize(long[] sums) {
    double[] parameters = new double[sums.length];
    for (int row = 0; row < annotators * labels; row++) {
      maximizeRow(sums, row * labels, row % labels, parameters);
    }

    int shares = annotators * width();
    double items = 0;
    for (int k = 0; k < labels; k++) {
      items += sums[shares + k];
    }

    for (int k = 0; k < labels; k++) {
      parameters[shares + k] = Math.log(Math.max(LEAST, sums[shares + k] / items));
    }

    return parameters;
  }

  private void maximizeRow(long[] sums, int start, int right, double[] parameters) {
    double total = labels == 1 ? smoothing : 2 * smoothing;
    for (int l = 0; l < labels; l++) {
      total += sums[start + l] / AnnotatorSums.UNIT;
    }

    for (int l = 0; l < labels; l++) {
      double votes =
          sums[start + l] / AnnotatorSums.UNIT
              + (l == right ? smoothing : smoothing / (labels - 1));
      // An annotator who never met a label is taken to guess on it.
      double probability = total == 0 ? 1.0 / labels : votes / total;
      parameters[start + l] = Math.log(Math.max(LEAST, probability));
    }
  }

  @Override
  public Posterior posterior(CodedItem item, double[] parameters) {
    double[] logits = new double[labels];
    System.arraycopy(parameters, annotators * width(), logits, 0, labels);
    for (int v = 0; v < item.votes(); v++) {
      int place = item.annotators()[v] * width() + item.labels()[v];
      for (int k = 0; k < labels; k++) {
        logits[k] += parameters[place];
        place += labels;
      }
    }

    return Posterior.ofLogits(
        IntStream.range(0, labels).toArray(), logits, Double.NEGATIVE_INFINITY);
  }

  @Override
  public double agreement(Posterior posterior, int annotator, int other, double[] parameters) {
    double agreement = 0;
    for (int k = 0; k < labels; k++) {
      double both = 0;
      for (int l = 0; l < labels; l++) {
        int place = k * labels + l;
        both +=
            Math.exp(parameters[annotator * width() + place] + parameters[other * width() + place]);
      }

      agreement += posterior.probabilities()[k] * both;
    }

    return agreement;
  }
}
