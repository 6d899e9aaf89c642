package org.rlhf4j.jobs.quality;

import java.io.Serializable;
import java.util.Optional;

/**
 * What was found of annotators after their work was summed up, by number.
 *
 * @param reliability of comparisons, NaN of who compared nothing; empty if it was not estimated
 */
record AnnotatorMarks(Screen screen, double[] reliability) implements Serializable {
  double weight(int annotator) {
    return screen.weight(annotator);
  }

  Optional<Double> comparisonReliability(int annotator) {
    return annotator < reliability.length && !Double.isNaN(reliability[annotator])
        ? Optional.of(reliability[annotator])
        : Optional.empty();
  }
}
