package org.rlhf4j.jobs.quality;

import java.io.Serializable;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.apache.spark.api.java.JavaRDD;
import org.rlhf4j.config.QualityConfig;
import org.rlhf4j.config.QualityConfig.Screening;

/**
 * What the votes of each annotator weigh: 1 as they are, 0 if they are left out. K is the number of
 * labels, A that of annotators.
 *
 * <p>{@code weight}: (a - 1/K)/(1 - 1/K) with the estimated accuracy a, and 0 for who is no better
 * than guessing. Up to a factor these are the weights K a - 1 of Li and Yu (2014, arXiv:1411.4086,
 * algorithm 1), which minimise a bound on the error of a weighted majority; of two labels 2 a - 1,
 * the correlation of a vote with the truth. Whose votes stand alone cannot be judged: they weigh
 * what the votes of all others weigh in the mean.
 *
 * <p>{@code drop}: 0 for annotators with one of {@code quality.drop-flags}.
 *
 * @param weights by annotator, [A]
 * @param unjudged weight of votes of nobody in particular
 * @param reasons why an annotator's votes are left out, for those whose are
 */
record Screen(Screening policy, double[] weights, double unjudged, Map<Integer, String> reasons)
    implements Serializable {
  private static final String GUESSING = "guessing";

  /** What the policies look at. */
  private record Judged(int annotator, long votes, boolean isAlone, double accuracy, String flags)
      implements Serializable {}

  /**
   * @param annotators with a vote, by number; the one without a name stands for many
   * @param labels K
   */
  static Screen of(
      QualityConfig config,
      JavaRDD<AnnotatorSummary> summaries,
      AnnotatorFlags flags,
      Names annotators,
      int labels) {
    if (config.screening() == Screening.REPORT) {
      double[] weights = new double[annotators.size()];
      Arrays.fill(weights, 1);
      return new Screen(config.screening(), weights, 1, Map.of());
    }

    int nobody = annotators.number("", CodedItem.UNKNOWN);
    List<String> dropFlags = config.dropFlags();
    List<Judged> judged =
        summaries
            .map(summary -> judged(summary, flags, dropFlags, nobody))
            .collect() // a few numbers an annotator
            .stream()
            .sorted(Comparator.comparingInt(Judged::annotator))
            .toList();
    return config.screening() == Screening.WEIGHT ? weighted(judged, labels) : dropped(judged);
  }

  private static Judged judged(
      AnnotatorSummary summary, AnnotatorFlags flags, List<String> dropFlags, int nobody) {
    boolean isNobody = summary.annotator() == nobody;
    List<String> found =
        isNobody ? List.of() : flags.of(summary).stream().filter(dropFlags::contains).toList();
    return new Judged(
        summary.annotator(),
        summary.items(),
        isNobody || summary.others() == 0,
        summary.accuracy(),
        String.join(" ", found));
  }

  private static Screen weighted(List<Judged> judged, int labels) {
    double guessing = 1.0 / Math.max(2, labels);
    double[] weights = new double[judged.size()];
    double sum = 0;
    long votes = 0;
    for (Judged one : judged) {
      double weight = Math.max(0, (one.accuracy() - guessing) / (1 - guessing));
      weights[one.annotator()] = weight;
      sum += one.isAlone() ? 0 : weight * one.votes();
      votes += one.isAlone() ? 0 : one.votes();
    }

    double mean = votes == 0 || sum == 0 ? 1 : sum / votes;
    Map<Integer, String> reasons = new HashMap<>();
    for (Judged one : judged) {
      if (one.isAlone()) {
        weights[one.annotator()] = mean;
      } else if (weights[one.annotator()] == 0) {
        reasons.put(one.annotator(), GUESSING);
      }
    }

    return new Screen(Screening.WEIGHT, weights, mean, reasons);
  }

  private static Screen dropped(List<Judged> judged) {
    double[] weights = new double[judged.size()];
    Map<Integer, String> reasons = new HashMap<>();
    for (Judged one : judged) {
      weights[one.annotator()] = one.flags().isEmpty() ? 1 : 0;
      if (!one.flags().isEmpty()) {
        reasons.put(one.annotator(), one.flags());
      }
    }

    return new Screen(Screening.DROP, weights, 1, reasons);
  }

  /**
   * @param annotator number, or {@link CodedItem#UNKNOWN}
   */
  double weight(int annotator) {
    return annotator == CodedItem.UNKNOWN ? unjudged : weights[annotator];
  }

  /** The votes that count. */
  CodedItem counted(CodedItem item) {
    int[] annotators = item.annotators();
    int[] places =
        IntStream.range(0, item.votes()).filter(v -> weights[annotators[v]] > 0).toArray();
    return places.length == item.votes() ? item : item.only(places);
  }

  /** What the votes for each label of a histogram weigh together, [labels in it]. */
  double[] weights(CodedItem item, int[] histogram) {
    double[] sums = new double[histogram.length / 2];
    for (int v = 0; v < item.votes(); v++) {
      int place = 0;
      while (histogram[2 * place] != item.labels()[v]) {
        place++;
      }

      sums[place] += weights[item.annotators()[v]];
    }

    return sums;
  }
}
