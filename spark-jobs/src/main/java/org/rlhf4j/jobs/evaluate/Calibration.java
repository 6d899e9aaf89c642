package org.rlhf4j.jobs.evaluate;

import java.util.List;

/**
 * Expected calibration error of a Bradley-Terry reward model, Guo et al. 2017 (arXiv:1706.04599),
 * eq. 3: the model's confidence in its own preference is the logistic function of the absolute
 * margin; over ten equal bins of confidence, the mean distance between confidence and accuracy,
 * weighted by the comparisons in the bin.
 */
final class Calibration {
  private static final int BINS = 10;
  private static final double LEAST_CONFIDENCE = 0.5;

  private Calibration() {}

  /**
   * @param outcomes in a fixed order, at least one
   * @return between 0 and 1
   */
  static double expectedError(List<PairOutcome> outcomes) {
    double[] confidences = new double[BINS];
    double[] accuracies = new double[BINS];
    for (PairOutcome outcome : outcomes) {
      double confidence = 1 / (1 + Math.exp(-Math.abs(outcome.margin())));
      int bin = (int) ((confidence - LEAST_CONFIDENCE) / (1 - LEAST_CONFIDENCE) * BINS);
      bin = Math.min(BINS - 1, bin);
      confidences[bin] += confidence;
      accuracies[bin] += PairOutcome.accuracy(outcome.margin());
    }
    double error = 0;
    for (int bin = 0; bin < BINS; bin++) {
      error += Math.abs(confidences[bin] - accuracies[bin]);
    }
    return error / outcomes.size();
  }
}
