package org.rlhf4j.jobs.quality;

import java.util.Arrays;
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

  /** Place of a pair of labels among the sums and parameters of an annotator. */
  int place(int right, int given) {
    return given * labels + right;
  }

  @Override
  public void expect(VoteBlock block, double[] parameters, AnnotatorSums sums) {
    double[] probabilities = new double[labels];
    long[] amounts = new long[labels];
    for (int i = 0; i < block.items(); i++) {
      int from = block.starts()[i];
      int to = block.starts()[i + 1];
      if (parameters.length == 0) {
        fillShares(block.labels(), from, to, probabilities);
      } else {
        fillLogits(block.annotators(), block.labels(), from, to, parameters, probabilities);
        sums.addLogLikelihood(Posterior.normalize(probabilities, Double.NEGATIVE_INFINITY));
      }

      for (int k = 0; k < labels; k++) {
        amounts[k] = Math.round(probabilities[k] * FixedPoint.UNIT);
      }

      for (int v = from; v < to; v++) {
        sums.add(block.annotators()[v], block.labels()[v] * labels, amounts);
      }

      sums.add(annotators, 0, amounts);
    }
  }

  private static void fillShares(int[] given, int from, int to, double[] shares) {
    Arrays.fill(shares, 0);
    for (int v = from; v < to; v++) {
      shares[given[v]] += 1.0 / (to - from);
    }
  }

  /** Logarithms of prior times likelihood, [K], from the votes of a range. */
  void fillLogits(
      int[] voters, int[] given, int from, int to, double[] parameters, double[] logits) {
    System.arraycopy(parameters, annotators * width(), logits, 0, labels);
    for (int v = from; v < to; v++) {
      int place = voters[v] * width() + given[v] * labels;
      for (int k = 0; k < labels; k++) {
        logits[k] += parameters[place + k];
      }
    }
  }

  @Override
  public double[] maximize(long[] sums) {
    double[] parameters = new double[sums.length];
    for (int annotator = 0; annotator < annotators; annotator++) {
      for (int right = 0; right < labels; right++) {
        maximizeRow(sums, annotator * width() + right, right, parameters);
      }
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
      total += sums[start + l * labels] / FixedPoint.UNIT;
    }

    for (int l = 0; l < labels; l++) {
      double votes =
          sums[start + l * labels] / FixedPoint.UNIT
              + (l == right ? smoothing : smoothing / (labels - 1));
      // An annotator who never met a label is taken to guess on it.
      double probability = total == 0 ? 1.0 / labels : votes / total;
      parameters[start + l * labels] = Math.log(Math.max(LEAST, probability));
    }
  }

  @Override
  public double logPrior(double[] parameters) {
    if (smoothing == 0) {
      return 0;
    }

    double right = 0;
    double wrong = 0;
    for (int start = 0; start < annotators * width(); start += width()) {
      for (int given = 0; given < labels; given++) {
        for (int k = 0; k < labels; k++) {
          right += given == k ? parameters[start + place(k, given)] : 0;
          wrong += given == k ? 0 : parameters[start + place(k, given)];
        }
      }
    }

    return smoothing * (right + wrong / Math.max(1, labels - 1));
  }

  @Override
  public double[] normalized(double[] parameters) {
    for (int start = 0; start < annotators * width(); start += width()) {
      for (int k = 0; k < labels; k++) {
        normalize(parameters, start + k, labels);
      }
    }

    normalize(parameters, annotators * width(), 1);
    return parameters;
  }

  /** Of one distribution, whose logarithms are so far from each other. */
  private void normalize(double[] parameters, int start, int distance) {
    double largest = Double.NEGATIVE_INFINITY;
    for (int l = 0; l < labels; l++) {
      largest = Math.max(largest, parameters[start + l * distance]);
    }

    double total = 0;
    for (int l = 0; l < labels; l++) {
      total += Math.exp(parameters[start + l * distance] - largest);
    }

    double shift = largest + Math.log(total);
    double least = Math.log(LEAST);
    for (int l = 0; l < labels; l++) {
      int place = start + l * distance;
      parameters[place] = Math.max(least, parameters[place] - shift);
    }
  }

  @Override
  public Posterior posterior(CodedItem item, double[] parameters) {
    double[] logits = new double[labels];
    fillLogits(item.annotators(), item.labels(), 0, item.votes(), parameters, logits);
    return Posterior.ofLogits(
        IntStream.range(0, labels).toArray(), logits, Double.NEGATIVE_INFINITY);
  }

  @Override
  public OtherVotes others(CodedItem item, LabelFit fit) {
    return new ConfusionVotes(this, item, fit);
  }
}
