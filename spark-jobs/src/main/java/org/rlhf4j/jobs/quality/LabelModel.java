package org.rlhf4j.jobs.quality;

import java.io.Serializable;

/**
 * How annotators come to their labels, as a latent class model: the expectation is the {@link
 * Posterior} of each item, the maximisation turns its sums into parameters. A is the number of
 * annotators, K that of labels, W the {@link #width}.
 */
sealed interface LabelModel extends Serializable permits ConfusionModel, OneCoinModel {
  /** Name in {@code quality.json}. */
  String name();

  /** Sums, and parameters, of each annotator; those of all items follow as one annotator more. */
  int width();

  /**
   * Adds what the items of a block tell of their annotators, and the log-likelihood.
   *
   * @param parameters empty before the first maximisation: then labels are right with their share
   *     of the votes
   */
  void expect(VoteBlock block, double[] parameters, AnnotatorSums sums);

  /**
   * Parameters that make the sums most probable.
   *
   * @param sums of all items, (A + 1) W in units of {@link FixedPoint#UNIT}
   * @return logarithms, [(A + 1) W]
   */
  double[] maximize(long[] sums);

  /** Logarithm of what the smoothing makes of parameters beforehand, up to a constant. */
  double logPrior(double[] parameters);

  /**
   * Makes logarithms of probabilities of any numbers.
   *
   * @param parameters [(A + 1) W]; overwritten
   */
  double[] normalized(double[] parameters);

  Posterior posterior(CodedItem item, double[] parameters);

  /**
   * @param fit of this model
   */
  OtherVotes others(CodedItem item, LabelFit fit);

  /**
   * The confusion matrices of Dawid and Skene while they fit into a task's memory, else one number
   * an annotator.
   */
  static LabelModel of(long annotators, int labels, double smoothing) {
    long parameters = (annotators + 1) * labels * labels;
    return labels <= ConfusionModel.MAX_LABELS && parameters <= ConfusionModel.MAX_PARAMETERS
        ? new ConfusionModel(Math.toIntExact(annotators), labels, smoothing)
        : new OneCoinModel(Math.toIntExact(annotators), labels, smoothing);
  }
}
