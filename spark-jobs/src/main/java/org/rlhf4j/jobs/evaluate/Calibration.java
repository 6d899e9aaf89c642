package org.rlhf4j.jobs.evaluate;

import java.util.ArrayList;
import java.util.List;

/**
 * Whether a Bradley-Terry reward model is as often right as it claims to be, Guo et al. 2017
 * (arXiv:1706.04599): its confidence in its own preference is the logistic function of the absolute
 * margin of the scores, between 0.5 and 1.
 *
 * @param curve accuracy over ten equally wide bins of confidence, in ascending order; bins without
 *     a comparison are left out (figure 1)
 * @param expectedError mean distance between a bin's confidence and accuracy, weighted by its
 *     comparisons, between 0 and 1 (eq. 3)
 */
public record Calibration(List<Bin> curve, double expectedError) {
  private static final int BINS = 10;
  private static final double LEAST_CONFIDENCE = 0.5;

  /**
   * Comparisons of about one confidence.
   *
   * @param confidence their mean
   */
  public record Bin(double confidence, Accuracy accuracy) {}

  /**
   * @param outcomes in a fixed order, at least one
   */
  static Calibration of(List<PairOutcome> outcomes) {
    List<List<PairOutcome>> bins = new ArrayList<>();
    for (int i = 0; i < BINS; i++) {
      bins.add(new ArrayList<>());
    }
    for (PairOutcome outcome : outcomes) {
      double above = confidence(outcome) - LEAST_CONFIDENCE;
      int bin = (int) (above / (1 - LEAST_CONFIDENCE) * BINS);
      bins.get(Math.min(BINS - 1, bin)).add(outcome);
    }
    List<Bin> curve = new ArrayList<>();
    double error = 0;
    for (List<PairOutcome> members : bins) {
      if (!members.isEmpty()) {
        double confidence =
            members.stream().mapToDouble(Calibration::confidence).average().orElseThrow();
        Accuracy accuracy = Accuracy.of(members, PairOutcome::margin);
        curve.add(new Bin(confidence, accuracy));
        error += members.size() * Math.abs(confidence - accuracy.value());
      }
    }
    return new Calibration(List.copyOf(curve), error / outcomes.size());
  }

  private static double confidence(PairOutcome outcome) {
    return 1 / (1 + Math.exp(-Math.abs(outcome.margin())));
  }
}
