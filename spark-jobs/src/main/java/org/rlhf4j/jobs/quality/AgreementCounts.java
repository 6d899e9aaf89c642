package org.rlhf4j.jobs.quality;

import java.io.Serializable;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Counts from which every agreement statistic follows, added item by item and merged across
 * partitions. They are integers: merging them in any order gives the same.
 *
 * <p>An item with m votes weighs 1/(m-1) or 1/(m (m-1)) in the statistics, hence the counts are
 * kept apart by m and divided at the end.
 */
final class AgreementCounts implements Serializable {
  private static final long serialVersionUID = 1L;

  /** Two labels given to one item of m votes. */
  record Coincidence(String first, String second, int votes) implements Serializable {}

  private long items;
  private long votes;
  private long goldVotes;
  private long goldAgreeing;
  private final Map<Integer, Long> itemsByVotes = new TreeMap<>();
  private final Map<Integer, Long> agreeingByVotes = new TreeMap<>();
  private final Map<String, Long> labels = new TreeMap<>();
  private final Set<String> allLabels = new TreeSet<>();
  private final Map<Coincidence, Long> coincidences = new HashMap<>();

  /** Adds one item, whose votes are given by label. */
  AgreementCounts plus(Map<String, Integer> votesByLabel) {
    int itemVotes = votesByLabel.values().stream().mapToInt(Integer::intValue).sum();
    items++;
    votes += itemVotes;
    allLabels.addAll(votesByLabel.keySet());
    if (itemVotes < 2) {
      return this; // nobody to agree with
    }

    itemsByVotes.merge(itemVotes, 1L, Long::sum);
    votesByLabel.forEach((label, count) -> labels.merge(label, (long) count, Long::sum));
    votesByLabel.forEach(
        (first, count) ->
            votesByLabel.forEach(
                (second, other) -> {
                  long pairs = (long) count * (first.equals(second) ? other - 1 : other);
                  coincidences.merge(new Coincidence(first, second, itemVotes), pairs, Long::sum);
                }));
    agreeingByVotes.merge(itemVotes, agreeingPairs(votesByLabel.values()), Long::sum);
    return this;
  }

  /** Adds the votes on an item whose right label is known. */
  AgreementCounts plusGold(Map<String, Integer> votesByLabel, String gold) {
    goldVotes += votesByLabel.values().stream().mapToInt(Integer::intValue).sum();
    goldAgreeing += votesByLabel.getOrDefault(gold, 0);
    return this;
  }

  AgreementCounts merge(AgreementCounts other) {
    items += other.items;
    votes += other.votes;
    goldVotes += other.goldVotes;
    goldAgreeing += other.goldAgreeing;
    allLabels.addAll(other.allLabels);
    other.itemsByVotes.forEach((key, count) -> itemsByVotes.merge(key, count, Long::sum));
    other.agreeingByVotes.forEach((key, count) -> agreeingByVotes.merge(key, count, Long::sum));
    other.labels.forEach((key, count) -> labels.merge(key, count, Long::sum));
    other.coincidences.forEach((key, count) -> coincidences.merge(key, count, Long::sum));
    return this;
  }

  long items() {
    return items;
  }

  long votes() {
    return votes;
  }

  /** Labels anybody gave to any item. */
  int distinctLabels() {
    return allLabels.size();
  }

  long goldVotes() {
    return goldVotes;
  }

  long goldAgreeing() {
    return goldAgreeing;
  }

  /** Items with at least two votes, by their number of votes. */
  Map<Integer, Long> itemsByVotes() {
    return itemsByVotes;
  }

  /** Ordered pairs of equal votes on items, by the items' number of votes. */
  Map<Integer, Long> agreeingByVotes() {
    return agreeingByVotes;
  }

  /** Votes by label, on items with at least two votes. */
  Map<String, Long> labels() {
    return labels;
  }

  /** Ordered pairs of votes on one item, by their labels and the item's number of votes. */
  Map<Coincidence, Long> coincidences() {
    return coincidences;
  }

  private static long agreeingPairs(Collection<Integer> counts) {
    return counts.stream().mapToLong(count -> (long) count * (count - 1)).sum();
  }
}
