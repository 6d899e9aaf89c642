package org.rlhf4j.jobs.quality;

import java.util.Arrays;
import java.util.OptionalDouble;
import java.util.stream.IntStream;
import org.rlhf4j.config.QualityConfig.Level;

/**
 * Krippendorff's alpha (Krippendorff 2011, "Computing Krippendorff's Alpha-Reliability", section
 * C): alpha = 1 - D_o/D_e, with D_o = sum over c, k of o_ck delta^2_ck / n and D_e = sum of n_c n_k
 * delta^2_ck / (n (n - 1)). Votes may be missing; items with one vote do not count.
 */
final class KrippendorffAlpha {
  /** Labels beyond which the ratio level, whose D_e takes K^2 steps, is left undefined. */
  private static final int MAX_RATIO_LABELS = 20_000;

  private KrippendorffAlpha() {}

  /**
   * Empty if the votes have one label only, or labels that are one number at this level, or the
   * level needs numbers (ordinal, interval, ratio) and a label is none, or the level is ratio and a
   * label is negative.
   *
   * @param observed n times D_o
   * @param labelVotes n_c, votes by label on items with two votes or more, [K]
   */
  static OptionalDouble of(Level level, double observed, LabelScale scale, long[] labelVotes) {
    int[] used = IntStream.range(0, labelVotes.length).filter(c -> labelVotes[c] > 0).toArray();
    boolean isDefined =
        used.length > 1
            && scale.isDefined(level, labelVotes)
            && (level != Level.RATIO || used.length <= MAX_RATIO_LABELS);
    if (!isDefined) {
      return OptionalDouble.empty();
    }

    double votes = Arrays.stream(labelVotes).sum();
    double expected =
        switch (level) {
          case NOMINAL -> votes * votes - squares(labelVotes);
          case ORDINAL, INTERVAL -> 2 * votes * spread(level, scale, labelVotes, used, votes);
          case RATIO -> byPairs(scale, labelVotes, used);
        };
    double alpha = 1 - (votes - 1) * observed / expected;
    return expected > 0 && Double.isFinite(alpha)
        ? OptionalDouble.of(alpha)
        : OptionalDouble.empty();
  }

  private static double squares(long[] labelVotes) {
    double sum = 0;
    for (long count : labelVotes) {
      sum += (double) count * count;
    }

    return sum;
  }

  /** Sum of squared distances to the mean; that of all pairs is 2 n times as much. */
  private static double spread(
      Level level, LabelScale scale, long[] labelVotes, int[] used, double votes) {
    double mean = 0;
    for (int c : used) {
      mean += labelVotes[c] / votes * scale.place(level, c);
    }

    double sum = 0;
    for (int c : used) {
      double distance = scale.place(level, c) - mean;
      sum += labelVotes[c] * distance * distance;
    }

    return sum;
  }

  private static double byPairs(LabelScale scale, long[] labelVotes, int[] used) {
    double sum = 0;
    for (int i = 0; i < used.length; i++) {
      for (int j = 0; j < i; j++) {
        sum +=
            2.0
                * labelVotes[used[i]]
                * labelVotes[used[j]]
                * scale.squared(Level.RATIO, used[i], used[j]);
      }
    }

    return sum;
  }
}
