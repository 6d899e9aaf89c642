package org.rlhf4j.jobs.evaluate;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.ToDoubleFunction;

/**
 * Accuracy on the comparisons between two values of some quantity.
 *
 * @param from least value in the bin
 * @param to greatest value in the bin
 */
public record AccuracyBin(double from, double to, Accuracy accuracy) {
  private static final int QUARTERS = 4;

  /** Quantities with so few values, such as annotators' grades, have a bin for each. */
  private static final int MOST_VALUES = 8;

  /**
   * Bins in ascending order: one for each value where there are few, else four of about equally
   * many comparisons. Equal values share a bin, so that there may be fewer.
   *
   * @param outcomes in a fixed order; those without the quantity, NaN, are left out
   */
  static List<AccuracyBin> of(List<PairOutcome> outcomes, ToDoubleFunction<PairOutcome> quantity) {
    List<PairOutcome> sorted =
        outcomes.stream()
            .filter(outcome -> !Double.isNaN(quantity.applyAsDouble(outcome)))
            .sorted(Comparator.comparingDouble(quantity)) // stable: equal values stay in order
            .toList();
    double[] values = sorted.stream().mapToDouble(quantity).toArray();
    boolean isFew = sorted.stream().mapToDouble(quantity).distinct().count() <= MOST_VALUES;
    List<AccuracyBin> bins = new ArrayList<>();
    int start = 0;
    for (int i = 1; i <= values.length; i++) {
      boolean isBetweenValues = i == values.length || values[i] != values[i - 1];
      boolean isFull = isFew || i - start >= (double) values.length / QUARTERS;
      if (isBetweenValues && (isFull || i == values.length)) {
        Accuracy accuracy = Accuracy.of(sorted.subList(start, i), PairOutcome::margin);
        bins.add(new AccuracyBin(values[start], values[i - 1], accuracy));
        start = i;
      }
    }
    return List.copyOf(bins);
  }
}
