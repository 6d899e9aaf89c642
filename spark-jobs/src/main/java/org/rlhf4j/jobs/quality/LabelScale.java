package org.rlhf4j.jobs.quality;

import java.io.Serializable;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import org.rlhf4j.config.QualityConfig.Level;
import org.rlhf4j.data.raw.VoteLabel;

/**
 * What it costs that two votes differ, at each level of measurement: the squared differences of
 * Krippendorff (2011, "Computing Krippendorff's Alpha-Reliability", section D).
 *
 * <p>The ordinal one, the votes from one label up to another less half of the votes of these two,
 * is the difference of the labels' mean ranks, so that it needs one number a label. K is the number
 * of labels.
 */
final class LabelScale implements Serializable {
  private static final long serialVersionUID = 1L;

  /** Largest number whose squared differences, for any number of votes, are finite. */
  private static final double LARGEST = 1e100;

  /** The labels as numbers, [K]; empty if one is none. */
  private final double[] values;

  /** Votes below the label plus half of its own, [K]; empty as above. */
  private final double[] meanRanks;

  private LabelScale(double[] values, double[] meanRanks) {
    this.values = values;
    this.meanRanks = meanRanks;
  }

  /**
   * @param labels [K]
   * @param labelVotes votes by label, [K]; labels without votes do not matter
   */
  static LabelScale of(List<String> labels, long[] labelVotes) {
    boolean isNumeric =
        IntStream.range(0, labels.size())
            .allMatch(c -> labelVotes[c] == 0 || VoteLabel.number(labels.get(c)).isPresent());
    if (!isNumeric) {
      return new LabelScale(new double[0], new double[0]);
    }

    double[] values =
        labels.stream().mapToDouble(label -> VoteLabel.number(label).orElse(Double.NaN)).toArray();
    return new LabelScale(values, meanRanks(values, labelVotes));
  }

  /** The same labels with other numbers of votes. */
  LabelScale withVotes(long[] labelVotes) {
    return values.length == 0 ? this : new LabelScale(values, meanRanks(values, labelVotes));
  }

  private static double[] meanRanks(double[] values, long[] labelVotes) {
    int[] order =
        IntStream.range(0, values.length)
            .boxed()
            .sorted(Comparator.comparingDouble(c -> values[c]))
            .mapToInt(Integer::intValue)
            .toArray();
    double[] ranks = new double[values.length];
    double below = 0;
    for (int from = 0, to = 0; from < order.length; from = to) {
      double votes = 0;
      while (to < order.length && values[order[to]] == values[order[from]]) {
        votes += labelVotes[order[to++]];
      }

      for (int place = from; place < to; place++) {
        ranks[order[place]] = below + votes / 2; // of equal numbers the same
      }

      below += votes;
      to = Math.max(to, from + 1); // NaN, which has no votes
    }

    return ranks;
  }

  /**
   * Levels above nominal need numbers, intervals and ratios such whose squares are finite, and a
   * ratio needs numbers that are not negative.
   */
  boolean isDefined(Level level, long[] labelVotes) {
    if (level == Level.NOMINAL) {
      return true;
    }

    double least = level == Level.RATIO ? 0 : -LARGEST;
    return values.length > 0
        && (level == Level.ORDINAL
            || IntStream.range(0, values.length)
                .filter(c -> labelVotes[c] > 0)
                .allMatch(c -> values[c] >= least && values[c] <= LARGEST));
  }

  /** Squared difference of two labels, by their numbers. */
  double squared(Level level, int c, int k) {
    if (c == k || (level != Level.NOMINAL && values[c] == values[k])) {
      return 0;
    }

    double difference =
        switch (level) {
          case NOMINAL -> 1;
          case ORDINAL -> meanRanks[c] - meanRanks[k];
          case INTERVAL -> values[c] - values[k];
          case RATIO -> (values[c] - values[k]) / (values[c] + values[k]);
        };
    return difference * difference;
  }

  /** Place of a label on the scale of an ordinal or interval level. */
  double place(Level level, int c) {
    return level == Level.ORDINAL ? meanRanks[c] : values[c];
  }
}
