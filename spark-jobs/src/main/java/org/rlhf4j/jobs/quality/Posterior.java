package org.rlhf4j.jobs.quality;

import java.util.Arrays;

/**
 * What the votes say about the right label of one item.
 *
 * @param labels that may be right, ascending, [C]
 * @param probabilities of these labels, [C]; below 1 in sum if labels nobody gave may be right too
 * @param logLikelihood of the votes, nats
 */
record Posterior(int[] labels, double[] probabilities, double logLikelihood) {
  double of(int label) {
    return of(label, 0);
  }

  /**
   * @param unlisted probability of a label that is not listed
   */
  double of(int label, double unlisted) {
    int place = Arrays.binarySearch(labels, label);
    return place < 0 ? unlisted : probabilities[place];
  }

  /**
   * Place of the most probable label, of several the one with the smallest number, which is the
   * first as a text.
   */
  int best() {
    int best = 0;
    for (int c = 1; c < labels.length; c++) {
      best = probabilities[c] > probabilities[best] ? c : best;
    }

    return best;
  }

  /** The share of the votes, before anything is known of the annotators. */
  static Posterior ofShares(CodedItem item) {
    int[] histogram = item.histogram();
    int[] labels = new int[histogram.length / 2];
    double[] shares = new double[labels.length];
    for (int c = 0; c < labels.length; c++) {
      labels[c] = histogram[2 * c];
      shares[c] = (double) histogram[2 * c + 1] / item.votes();
    }

    return new Posterior(labels, shares, 0);
  }

  /**
   * @param logits logarithms of prior times likelihood, [C]; overwritten
   * @param othersLogit the same for all labels that are not listed, together
   */
  static Posterior ofLogits(int[] labels, double[] logits, double othersLogit) {
    double logLikelihood = normalize(logits, othersLogit);
    return new Posterior(labels, logits, logLikelihood);
  }

  /**
   * Turns logits into probabilities in place.
   *
   * @return logarithm of their sum, that of the others included
   */
  static double normalize(double[] logits, double othersLogit) {
    double largest = othersLogit;
    for (double logit : logits) {
      largest = Math.max(largest, logit);
    }

    double total = Math.exp(othersLogit - largest);
    for (int c = 0; c < logits.length; c++) {
      logits[c] = Math.exp(logits[c] - largest);
      total += logits[c];
    }

    for (int c = 0; c < logits.length; c++) {
      logits[c] /= total;
    }

    return largest + Math.log(total);
  }
}
