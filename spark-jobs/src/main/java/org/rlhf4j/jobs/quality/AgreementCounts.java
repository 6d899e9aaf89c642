package org.rlhf4j.jobs.quality;

import java.io.Serializable;
import java.util.Map;
import java.util.TreeMap;

/**
 * Counts behind the agreement statistics, added item by item and merged across partitions. They are
 * integers: merging them in any order gives the same. K is the number of labels.
 *
 * <p>An item with m votes weighs 1/(m (m-1)) in Fleiss' kappa, hence the counts are kept apart by m
 * and divided at the end.
 */
final class AgreementCounts implements Serializable {
  private static final long serialVersionUID = 1L;

  private long items;
  private long votes;
  private long goldVotes;
  private long goldAgreeing;
  private long shown;
  private long firstChosen;
  private long measured;
  private long longerChosen;
  private final Map<Integer, Long> itemsByVotes = new TreeMap<>();
  private final Map<Integer, Long> agreeingByVotes = new TreeMap<>();
  private final long[] labelVotes;

  AgreementCounts(int labels) {
    this.labelVotes = new long[labels];
  }

  AgreementCounts plus(CodedItem item) {
    items++;
    votes += item.votes();
    int[] histogram = item.histogram();
    int[] judged = item.judged();
    goldVotes += judged[0];
    goldAgreeing += judged[1];
    plusBias(item);
    if (item.votes() < 2) {
      return this; // nobody to agree with
    }

    long agreeing = 0;
    for (int i = 0; i < histogram.length; i += 2) {
      long count = histogram[i + 1];
      labelVotes[histogram[i]] += count;
      agreeing += count * (count - 1);
    }

    itemsByVotes.merge(item.votes(), 1L, Long::sum);
    agreeingByVotes.merge(item.votes(), agreeing, Long::sum);
    return this;
  }

  private void plusBias(CodedItem item) {
    for (int v = 0; v < item.votes(); v++) {
      shown += item.positions()[v] == CodedItem.UNKNOWN ? 0 : 1;
      firstChosen += item.positions()[v] == 0 ? 1 : 0;
      measured += item.lengths()[v] == CodedItem.UNKNOWN ? 0 : 1;
      longerChosen += item.lengths()[v] == 1 ? 1 : 0;
    }
  }

  AgreementCounts merge(AgreementCounts other) {
    items += other.items;
    votes += other.votes;
    goldVotes += other.goldVotes;
    goldAgreeing += other.goldAgreeing;
    shown += other.shown;
    firstChosen += other.firstChosen;
    measured += other.measured;
    longerChosen += other.longerChosen;
    other.itemsByVotes.forEach((key, count) -> itemsByVotes.merge(key, count, Long::sum));
    other.agreeingByVotes.forEach((key, count) -> agreeingByVotes.merge(key, count, Long::sum));
    for (int label = 0; label < labelVotes.length; label++) {
      labelVotes[label] += other.labelVotes[label];
    }

    return this;
  }

  long items() {
    return items;
  }

  long votes() {
    return votes;
  }

  long goldVotes() {
    return goldVotes;
  }

  long goldAgreeing() {
    return goldAgreeing;
  }

  /** Votes with a known place of what was chosen, and those for what was shown first. */
  long[] positions() {
    return new long[] {shown, firstChosen};
  }

  /** Votes between responses of different length, and those for the longer one. */
  long[] lengths() {
    return new long[] {measured, longerChosen};
  }

  /** Items with at least two votes, by their number of votes. */
  Map<Integer, Long> itemsByVotes() {
    return itemsByVotes;
  }

  /** Ordered pairs of equal votes on items, by the items' number of votes. */
  Map<Integer, Long> agreeingByVotes() {
    return agreeingByVotes;
  }

  /** Votes by label, on items with at least two votes, [K]. */
  long[] labelVotes() {
    return labelVotes;
  }

  /** Unordered pairs of votes on one item. */
  long pairs() {
    return pairs(Integer.MAX_VALUE);
  }

  /**
   * @param most votes of an item that count
   */
  long pairs(int most) {
    long pairs = 0;
    for (Map.Entry<Integer, Long> entry : itemsByVotes.entrySet()) {
      long m = Math.min(most, entry.getKey());
      pairs += entry.getValue() * (m * (m - 1) / 2);
    }

    return pairs;
  }
}
