package org.rlhf4j.jobs.quality;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.TreeMap;
import org.rlhf4j.config.QualityConfig.Level;
import org.rlhf4j.jobs.quality.AgreementCounts.Coincidence;

/**
 * Krippendorff's alpha by coincidence matrix (Krippendorff 2011, "Computing Krippendorff's
 * Alpha-Reliability", section C): alpha = 1 - D_o/D_e, with D_o = sum over c, k of o_ck delta^2_ck
 * / n and D_e = sum of n_c n_k delta^2_ck / (n (n - 1)). Votes may be missing; items with one vote
 * do not count.
 */
final class KrippendorffAlpha {
  /** [C]: labels in order. */
  private final List<String> labels;

  /** [C]: labels as numbers; empty if one is none. */
  private final double[] values;

  /** [C]: votes with each label. */
  private final double[] totals;

  /** [C, C]: o_ck. */
  private final double[][] coincidences;

  private KrippendorffAlpha(AgreementCounts counts) {
    this.labels = new ArrayList<>(counts.labels().keySet());
    boolean isNumeric = labels.stream().allMatch(label -> number(label).isPresent());
    if (isNumeric) {
      labels.sort(Comparator.comparingDouble(label -> number(label).getAsDouble()));
    }

    this.values =
        isNumeric
            ? labels.stream().mapToDouble(label -> number(label).getAsDouble()).toArray()
            : new double[0];
    this.totals = labels.stream().mapToDouble(label -> counts.labels().get(label)).toArray();
    this.coincidences = coincidences(counts);
  }

  static KrippendorffAlpha of(AgreementCounts counts) {
    return new KrippendorffAlpha(counts);
  }

  /**
   * Empty if the votes have one label only, or the level needs numbers (ordinal, interval, ratio)
   * and a label is none, or the level is ratio and a label is negative.
   */
  OptionalDouble at(Level level) {
    boolean isDefined =
        labels.size() > 1
            && (level == Level.NOMINAL || values.length > 0)
            && (level != Level.RATIO || values[0] >= 0);
    if (!isDefined) {
      return OptionalDouble.empty();
    }

    double observed = 0;
    double expected = 0;
    double votes = 0;
    for (int c = 0; c < totals.length; c++) {
      votes += totals[c];
      for (int k = 0; k < totals.length; k++) {
        double distance = squaredDistance(level, c, k);
        observed += coincidences[c][k] * distance;
        expected += totals[c] * totals[k] * distance;
      }
    }

    return OptionalDouble.of(1 - (votes - 1) * observed / expected);
  }

  private double squaredDistance(Level level, int c, int k) {
    if (c == k) {
      return 0;
    }

    double difference =
        switch (level) {
          case NOMINAL -> 1;
          case ORDINAL -> votesBetween(Math.min(c, k), Math.max(c, k));
          case INTERVAL -> values[c] - values[k];
          case RATIO -> (values[c] - values[k]) / (values[c] + values[k]);
        };
    return difference * difference;
  }

  /** Votes from one label up to another, half of the votes of these two. */
  private double votesBetween(int c, int k) {
    double sum = -(totals[c] + totals[k]) / 2;
    for (int g = c; g <= k; g++) {
      sum += totals[g];
    }

    return sum;
  }

  /** o_ck: pairs of votes on an item of m votes weigh 1/(m - 1); summed in the order of m. */
  private double[][] coincidences(AgreementCounts counts) {
    Map<String, Integer> index = new TreeMap<>();
    for (int c = 0; c < labels.size(); c++) {
      index.put(labels.get(c), c);
    }

    double[][] matrix = new double[labels.size()][labels.size()];
    counts.coincidences().entrySet().stream()
        .sorted(Comparator.comparingInt(entry -> entry.getKey().votes()))
        .forEach(
            entry -> {
              Coincidence pair = entry.getKey();
              matrix[index.get(pair.first())][index.get(pair.second())] +=
                  entry.getValue() / (pair.votes() - 1.0);
            });
    return matrix;
  }

  private static OptionalDouble number(String label) {
    try {
      double value = Double.parseDouble(label);
      return Double.isFinite(value) ? OptionalDouble.of(value) : OptionalDouble.empty();
    } catch (NumberFormatException e) {
      return OptionalDouble.empty();
    }
  }
}
