package org.rlhf4j.jobs.quality;

import java.io.Serializable;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.Map;
import java.util.OptionalDouble;
import org.rlhf4j.config.QualityConfig.Level;

/**
 * Sums from which every {@link Statistic} of one replicate follows. They are integers (fractions in
 * units of 2^-32), hence the same in any order. K is the number of labels.
 *
 * <p>Layout: {@link #HEAD} counters, votes by label [K], then the coincidences of two different
 * labels c > k at place c (c - 1)/2 + k.
 */
final class ReplicateSums implements Serializable {
  private static final long serialVersionUID = 1L;

  private static final int ITEMS = 0;
  private static final int AGREEMENT = 1;
  private static final int AGREEING_PAIRS = 2;
  private static final int PAIRS = 3;
  private static final int GOLD_VOTES = 4;
  private static final int GOLD_AGREEING = 5;
  private static final int SHOWN = 6;
  private static final int FIRST = 7;
  private static final int MEASURED = 8;
  private static final int LONGER = 9;
  private static final int HEAD = 10;

  private final int labels;
  private final LabelScale scale;

  ReplicateSums(int labels, LabelScale scale) {
    this.labels = labels;
    this.scale = scale;
  }

  /** Number of sums. */
  int width() {
    return width(labels);
  }

  static int width(int labels) {
    return HEAD + labels + labels * (labels - 1) / 2;
  }

  /**
   * What one item adds, as place, amount, place, amount ...
   *
   * @return only amounts other than zero
   */
  long[] of(CodedItem item) {
    Sparse sparse = new Sparse();
    int[] histogram = item.histogram();
    int[] judged = item.judged();
    sparse.add(GOLD_VOTES, judged[0]);
    sparse.add(GOLD_AGREEING, judged[1]);
    sparse.add(SHOWN, count(item.positions(), 0) + count(item.positions(), 1));
    sparse.add(FIRST, count(item.positions(), 0));
    sparse.add(MEASURED, count(item.lengths(), 0) + count(item.lengths(), 1));
    sparse.add(LONGER, count(item.lengths(), 1));
    if (item.votes() > 1) {
      addPairs(sparse, histogram, item.votes());
    }

    return sparse.toArray();
  }

  private void addPairs(Sparse sparse, int[] histogram, int votes) {
    long pairs = (long) votes * (votes - 1);
    long agreeing = 0;
    for (int i = 0; i < histogram.length; i += 2) {
      int c = histogram[i];
      long count = histogram[i + 1];
      agreeing += count * (count - 1);
      sparse.add(HEAD + c, count);
      for (int j = 0; j < i; j += 2) {
        double coincidence = (double) count * histogram[j + 1] / (votes - 1);
        sparse.add(
            HEAD + labels + c * (c - 1) / 2 + histogram[j],
            Math.round(coincidence * FixedPoint.UNIT));
      }
    }

    sparse.add(ITEMS, 1);
    sparse.add(PAIRS, pairs);
    sparse.add(AGREEING_PAIRS, agreeing);
    sparse.add(AGREEMENT, Math.round((double) agreeing / pairs * FixedPoint.UNIT));
  }

  /** The statistics, NaN where not defined. */
  Map<Statistic, Double> statistics(long[] sums) {
    long[] labelVotes = Arrays.copyOfRange(sums, HEAD, HEAD + labels);
    LabelScale ranked = scale.withVotes(labelVotes);
    Map<Statistic, Double> values = new EnumMap<>(Statistic.class);
    values.put(
        Statistic.FLEISS_KAPPA,
        orNan(Agreement.fleissKappa(sums[AGREEMENT] / FixedPoint.UNIT / sums[ITEMS], labelVotes)));
    for (Level level : Level.values()) {
      double observed = observed(level, ranked, labelVotes, sums);
      values.put(
          Statistic.alpha(level), orNan(KrippendorffAlpha.of(level, observed, ranked, labelVotes)));
    }

    values.put(Statistic.PAIRWISE_AGREEMENT, share(sums, AGREEING_PAIRS, PAIRS));
    values.put(Statistic.GOLD_AGREEMENT, share(sums, GOLD_AGREEING, GOLD_VOTES));
    values.put(Statistic.FIRST_CHOSEN, share(sums, FIRST, SHOWN));
    values.put(Statistic.LONGER_CHOSEN, share(sums, LONGER, MEASURED));
    return values;
  }

  private double observed(Level level, LabelScale ranked, long[] labelVotes, long[] sums) {
    if (!ranked.isDefined(level, labelVotes)) {
      return Double.NaN;
    }

    double sum = 0;
    int place = HEAD + labels;
    for (int c = 0; c < labels; c++) {
      for (int k = 0; k < c; k++) {
        long coincidence = sums[place++];
        if (coincidence != 0) {
          sum += 2 * (coincidence / FixedPoint.UNIT) * ranked.squared(level, c, k);
        }
      }
    }

    return sum;
  }

  private static double share(long[] sums, int part, int whole) {
    return sums[whole] == 0 ? Double.NaN : (double) sums[part] / sums[whole];
  }

  private static double orNan(OptionalDouble value) {
    return value.orElse(Double.NaN);
  }

  private static int count(byte[] marks, int value) {
    int count = 0;
    for (byte mark : marks) {
      count += mark == value ? 1 : 0;
    }

    return count;
  }

  /** Grows as needed; zeros are left out. */
  private static final class Sparse {
    private long[] entries = new long[32];
    private int used;

    void add(int place, long amount) {
      if (amount == 0) {
        return;
      }

      if (used == entries.length) {
        entries = Arrays.copyOf(entries, 2 * used);
      }

      entries[used++] = place;
      entries[used++] = amount;
    }

    long[] toArray() {
      return Arrays.copyOf(entries, used);
    }
  }
}
