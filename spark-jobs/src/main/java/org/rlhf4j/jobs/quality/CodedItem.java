package org.rlhf4j.jobs.quality;

import java.io.Serializable;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/**
 * One item with its votes as numbers, at most one of each annotator, in the order of the
 * annotators. V is the number of votes.
 *
 * @param key of {@link Resampling}: the same for items that are not independent
 * @param annotators numbers of the annotators, in the order of their names, [V]
 * @param labels numbers of the labels, in the order of the labels, [V]
 * @param golds number of the label that is right for each vote, {@link #UNKNOWN} if nobody knows;
 *     the number of all labels if no vote anywhere gives it, [V]
 * @param times milliseconds since 1970 or {@link #NO_TIME}, [V]
 * @param contest group, left and right thing that the item compares, or nothing
 * @param choices {@link #LEFT}, {@link #RIGHT}, {@link #TIE} or {@link #UNKNOWN}: what was chosen,
 *     [V]
 * @param positions place at which the chosen thing was shown, 0 or 1, or {@link #UNKNOWN}, [V]
 * @param lengths 1 if the longer response was chosen, 0 if the shorter, or {@link #UNKNOWN}, [V]
 */
record CodedItem(
    String item,
    long key,
    int[] annotators,
    int[] labels,
    int[] golds,
    long[] times,
    List<String> contest,
    byte[] choices,
    byte[] positions,
    byte[] lengths)
    implements Serializable {
  static final int UNKNOWN = -1;
  static final byte LEFT = 0;
  static final byte RIGHT = 1;
  static final byte TIE = 2;
  static final long NO_TIME = Long.MIN_VALUE;

  /** Items built by tests and statistics that need labels alone. */
  static CodedItem ofLabels(String item, int[] annotators, int[] labels, int gold) {
    byte[] none = new byte[labels.length];
    Arrays.fill(none, (byte) UNKNOWN);
    long[] times = new long[labels.length];
    Arrays.fill(times, NO_TIME);
    int[] golds = new int[labels.length];
    Arrays.fill(golds, gold);
    long key = Resampling.key(item);
    return new CodedItem(item, key, annotators, labels, golds, times, List.of(), none, none, none);
  }

  /** At most so many of the votes, for pairing: those first by a hash of item and annotator. */
  CodedItem sample(int size) {
    if (votes() <= size) {
      return this;
    }

    int[] places =
        IntStream.range(0, votes())
            .boxed()
            .sorted(Comparator.comparingLong(v -> Resampling.hash(key, annotators[v])))
            .limit(size)
            .mapToInt(Integer::intValue)
            .sorted()
            .toArray();
    return only(places);
  }

  /**
   * Some of the votes.
   *
   * @param places ascending
   */
  CodedItem only(int[] places) {
    return new CodedItem(
        item,
        key,
        IntStream.of(places).map(v -> annotators[v]).toArray(),
        IntStream.of(places).map(v -> labels[v]).toArray(),
        IntStream.of(places).map(v -> golds[v]).toArray(),
        IntStream.of(places).mapToLong(v -> times[v]).toArray(),
        contest,
        only(choices, places),
        only(positions, places),
        only(lengths, places));
  }

  private static byte[] only(byte[] marks, int[] places) {
    byte[] some = new byte[places.length];
    for (int i = 0; i < places.length; i++) {
      some[i] = marks[places[i]];
    }

    return some;
  }

  int votes() {
    return labels.length;
  }

  /** Votes held against a right label, and those among them that give it. */
  int[] judged() {
    int[] judged = new int[2];
    for (int v = 0; v < labels.length; v++) {
      judged[0] += golds[v] == UNKNOWN ? 0 : 1;
      judged[1] += golds[v] == labels[v] ? 1 : 0;
    }

    return judged;
  }

  /** Votes that compared two things. */
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

  /** Labels that somebody gave, ascending. */
  int[] distinctLabels() {
    return IntStream.of(labels).sorted().distinct().toArray();
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
}
