package org.rlhf4j.jobs.quality;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.spark.api.java.JavaRDD;
import org.rlhf4j.config.QualityConfig;

/**
 * What makes an annotator conspicuous.
 *
 * <p>Drift is tested at {@code quality.suspicion-level} over the number of annotators tested
 * (Bonferroni). The pace is an outlier if the logarithm of votes per hour is more than 3.5 robust
 * standard deviations (1.4826 times the median absolute deviation, or 1.2533 times the mean one
 * where that is 0) away from the median (Iglewicz and Hoaglin 1993, "How to Detect and Handle
 * Outliers").
 *
 * @param duplicates numbers of the annotators of suspicious pairs, ascending
 * @param paces annotators with a pace
 * @param median of the logarithm of their votes per hour
 * @param deviation robust standard deviation of that
 */
record AnnotatorFlags(
    int[] duplicates,
    double driftLevel,
    long paces,
    double median,
    double deviation,
    double minAccuracy)
    implements Serializable {
  private static final double OUTLIER = 3.5;
  private static final double NORMAL = 1.4826;

  /** The square root of pi/2: standard deviation over mean absolute deviation of a normal one. */
  private static final double NORMAL_OF_MEAN = 1.2533;

  /** Fewest annotators with a pace among whom one is an outlier. */
  private static final int MIN_PACES = 10;

  static AnnotatorFlags of(
      JavaRDD<AnnotatorSummary> annotators, JavaRDD<PairSuspicion> pairs, QualityConfig config) {
    int[] duplicates =
        pairs
            .flatMap(pair -> List.of(pair.annotator(), pair.other()).iterator())
            .distinct()
            .collect()
            .stream()
            .mapToInt(Integer::intValue)
            .sorted()
            .toArray();
    long tested = annotators.filter(a -> !Double.isNaN(a.driftProbability())).count();
    double[] paces =
        annotators
            .map(AnnotatorSummary::votesPerHour)
            .filter(pace -> !Double.isNaN(pace))
            .collect() // one number an annotator
            .stream()
            .mapToDouble(Math::log)
            .toArray();
    return of(duplicates, config.suspicionLevel() / Math.max(1, tested), paces, config);
  }

  /**
   * @param paces logarithms of votes per hour
   */
  static AnnotatorFlags of(
      int[] duplicates, double driftLevel, double[] paces, QualityConfig config) {
    double median = median(paces);
    double[] distances = Arrays.stream(paces).map(pace -> Math.abs(pace - median)).toArray();
    double typical = median(distances);
    return new AnnotatorFlags(
        duplicates,
        driftLevel,
        paces.length,
        median,
        typical > 0 ? NORMAL * typical : NORMAL_OF_MEAN * mean(distances),
        config.minAccuracy());
  }

  /** Robust standard deviations from the median; NaN if there is none. */
  double paceDeviation(AnnotatorSummary annotator) {
    return paces < MIN_PACES || deviation == 0
        ? Double.NaN
        : (Math.log(annotator.votesPerHour()) - median) / deviation;
  }

  /** In alphabetical order. */
  List<String> of(AnnotatorSummary annotator) {
    List<String> flags = new ArrayList<>();
    double pace = paceDeviation(annotator);
    addIf(flags, annotator.driftProbability() <= driftLevel, "drift");
    addIf(flags, Arrays.binarySearch(duplicates, annotator.annotator()) >= 0, "duplicate");
    addIf(flags, pace > OUTLIER, "fast");
    addIf(flags, pace < -OUTLIER, "slow");
    addIf(
        flags, annotator.others() > 0 && annotator.high() < minAccuracy, QualityConfig.UNRELIABLE);
    return flags;
  }

  private static void addIf(List<String> flags, boolean isSo, String flag) {
    if (isSo) {
      flags.add(flag);
    }
  }

  /** In the order of size, since that of the annotators is nobody's. */
  private static double mean(double[] values) {
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    double sum = 0;
    for (double value : sorted) {
      sum += value;
    }

    return sum / sorted.length;
  }

  private static double median(double[] values) {
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    int middle = sorted.length / 2;
    if (sorted.length == 0) {
      return Double.NaN;
    }

    return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
  }
}
