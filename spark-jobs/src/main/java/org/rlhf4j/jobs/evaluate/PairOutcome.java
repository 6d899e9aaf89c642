package org.rlhf4j.jobs.evaluate;

import java.io.Serializable;

/**
 * How judges see one held-out comparison.
 *
 * @param pairId identifies the comparison
 * @param promptId comparisons of one prompt are not independent
 * @param margin the reward model's score of the chosen minus that of the rejected response
 * @param goldMargin the same by the gold judge; NaN without one
 * @param lengthMargin characters of the chosen minus those of the rejected response
 * @param source of the comparison
 * @param labelMargin by how much the chosen response is better, as the annotator says; NaN where
 *     nothing is said
 * @param meanScore of both responses
 * @param annotator who compared; empty where that is not known
 */
record PairOutcome(
    String pairId,
    String promptId,
    double margin,
    double goldMargin,
    int lengthMargin,
    String source,
    double labelMargin,
    double meanScore,
    String annotator)
    implements Serializable {
  static final double NO_GOLD = Double.NaN;
  static final double NO_MARGIN = Double.NaN;
  static final String NOBODY = "";

  /** 1 for agreement with the label, one half for a tie, 0 for disagreement. */
  static double accuracy(double margin) {
    if (margin == 0) {
      return 0.5;
    }
    return margin > 0 ? 1 : 0;
  }
}
