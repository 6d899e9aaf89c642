package org.rlhf4j.jobs.quality;

import java.util.Arrays;
import java.util.Map;
import java.util.OptionalDouble;

/** Agreement of all annotators over all items with at least two votes. */
final class Agreement {
  private Agreement() {}

  /**
   * Fleiss' kappa (Fleiss 1971, Psychological Bulletin 76:378, eq. 1-7). Items may have different
   * numbers of votes: an item's agreement is the share of agreeing pairs among its own, and chance
   * agreement comes from the labels of all votes. Empty if there is one label only.
   */
  static OptionalDouble fleissKappa(AgreementCounts counts) {
    double items = 0;
    double agreement = 0;
    for (Map.Entry<Integer, Long> entry : counts.agreeingByVotes().entrySet()) {
      double votes = entry.getKey();
      items += counts.itemsByVotes().get(entry.getKey());
      agreement += entry.getValue() / (votes * (votes - 1));
    }

    return fleissKappa(agreement / items, counts.labelVotes());
  }

  /**
   * @param agreement mean over items of the share of agreeing pairs
   * @param labelVotes votes by label, [K]
   */
  static OptionalDouble fleissKappa(double agreement, long[] labelVotes) {
    double votes = Arrays.stream(labelVotes).sum();
    double chance = 0;
    int labels = 0;
    for (long count : labelVotes) {
      chance += (count / votes) * (count / votes);
      labels += count > 0 ? 1 : 0;
    }

    return labels < 2
        ? OptionalDouble.empty()
        : OptionalDouble.of((agreement - chance) / (1 - chance));
  }

  /** Share of equal votes among all pairs of votes on one item; empty if there is no pair. */
  static OptionalDouble pairwise(AgreementCounts counts) {
    double agreeing = counts.agreeingByVotes().values().stream().mapToLong(Long::longValue).sum();
    double pairs = 2.0 * counts.pairs();
    return pairs == 0 ? OptionalDouble.empty() : OptionalDouble.of(agreeing / pairs);
  }

  /** Share of votes that give the known right label; empty if none is known. */
  static OptionalDouble withGold(AgreementCounts counts) {
    return counts.goldVotes() == 0
        ? OptionalDouble.empty()
        : OptionalDouble.of((double) counts.goldAgreeing() / counts.goldVotes());
  }
}
