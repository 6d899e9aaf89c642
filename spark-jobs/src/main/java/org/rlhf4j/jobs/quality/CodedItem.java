package org.rlhf4j.jobs.quality;

import java.io.Serializable;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.Row;

/**
 * One item with its votes as numbers, at most one of each annotator, in the order of the
 * annotators. V is the number of votes.
 *
 * @param annotators numbers of the annotators, in the order of their names, [V]
 * @param labels numbers of the labels, in the order of the labels, [V]
 * @param gold number of the right label, {@link #UNKNOWN} if nobody knows; the number of all labels
 *     if no vote anywhere gives it
 * @param times milliseconds since 1970 or {@link #NO_TIME}, [V]
 * @param contest group, left and right thing that the item compares, or nothing
 * @param choices {@link #LEFT}, {@link #RIGHT} or {@link #UNKNOWN}: what was chosen, [V]
 * @param positions place at which the chosen thing was shown, 0 or 1, or {@link #UNKNOWN}, [V]
 * @param lengths 1 if the longer response was chosen, 0 if the shorter, or {@link #UNKNOWN}, [V]
 */
record CodedItem(
    String item,
    int[] annotators,
    int[] labels,
    int gold,
    long[] times,
    List<String> contest,
    byte[] choices,
    byte[] positions,
    byte[] lengths)
    implements Serializable {
  static final int UNKNOWN = -1;
  static final byte LEFT = 0;
  static final byte RIGHT = 1;
  static final long NO_TIME = Long.MIN_VALUE;

  /**
   * @param row item, array of (annotator, label, time, choice, position, longer), gold, contest
   * @param numbers of the labels
   */
  static CodedItem of(Row row, Map<String, Integer> numbers) {
    List<Row> votes = row.getList(1);
    int size = votes.size();
    CodedItem item =
        new CodedItem(
            row.getString(0),
            new int[size],
            new int[size],
            row.isNullAt(2) ? UNKNOWN : numbers.getOrDefault(row.getString(2), numbers.size()),
            new long[size],
            row.isNullAt(3) ? List.of() : contest(row.getStruct(3)),
            new byte[size],
            new byte[size],
            new byte[size]);
    for (int v = 0; v < size; v++) {
      Row vote = votes.get(v);
      item.annotators[v] = (int) vote.getLong(0);
      item.labels[v] = numbers.get(vote.getString(1));
      item.times[v] = vote.isNullAt(2) ? NO_TIME : vote.getLong(2);
      item.choices[v] = mark(vote, 3);
      item.positions[v] = mark(vote, 4);
      item.lengths[v] = mark(vote, 5);
    }

    return item;
  }

  /** Items built by tests and statistics that need labels alone. */
  static CodedItem ofLabels(String item, int[] annotators, int[] labels, int gold) {
    byte[] none = new byte[labels.length];
    Arrays.fill(none, (byte) UNKNOWN);
    long[] times = new long[labels.length];
    Arrays.fill(times, NO_TIME);
    return new CodedItem(item, annotators, labels, gold, times, List.of(), none, none, none);
  }

  int votes() {
    return labels.length;
  }

  /** Votes that chose one of two things. */
  int comparisons() {
    int comparisons = 0;
    for (byte choice : choices) {
      comparisons += choice == UNKNOWN ? 0 : 1;
    }

    return comparisons;
  }

  /** Votes by label for those labels that have some: label, votes, label, votes ... */
  int[] histogram() {
    int[] sorted = labels.clone();
    Arrays.sort(sorted);
    int[] histogram = new int[2 * sorted.length];
    int used = 0;
    for (int label : sorted) {
      if (used > 0 && histogram[used - 2] == label) {
        histogram[used - 1]++;
      } else {
        histogram[used] = label;
        histogram[used + 1] = 1;
        used += 2;
      }
    }

    return Arrays.copyOf(histogram, used);
  }

  /** Votes for a label, from {@link #histogram}. */
  static int votesFor(int label, int[] histogram) {
    for (int i = 0; i < histogram.length; i += 2) {
      if (histogram[i] == label) {
        return histogram[i + 1];
      }
    }

    return 0;
  }

  private static List<String> contest(Row contest) {
    return List.of(contest.getString(0), contest.getString(1), contest.getString(2));
  }

  private static byte mark(Row vote, int column) {
    return vote.isNullAt(column) ? (byte) UNKNOWN : (byte) vote.getInt(column);
  }
}
