package org.rlhf4j.data.raw;

import java.util.ArrayList;
import java.util.List;
import org.rlhf4j.data.dataset.RowIds;
import org.rlhf4j.data.raw.RawRecord.Ranking;

/** Positions of two responses of a ranking with different ranks and different texts. */
record RankedPair(int better, int worse) {
  static List<RankedPair> of(Ranking ranking) {
    return of(ranking.ranks(), ranking.responses().stream().map(RowIds::normalize).toList());
  }

  /**
   * @param texts normal forms of the responses, [K]
   */
  static List<RankedPair> of(List<Integer> ranks, List<String> texts) {
    List<RankedPair> pairs = new ArrayList<>();
    for (int i = 0; i < texts.size(); i++) {
      for (int j = i + 1; j < texts.size(); j++) {
        int order = order(ranks.get(i), ranks.get(j));
        if (order != 0 && !texts.get(i).equals(texts.get(j))) {
          pairs.add(order < 0 ? new RankedPair(i, j) : new RankedPair(j, i));
        }
      }
    }

    return pairs;
  }

  /** Responses with a rank: the K of the ranking. */
  static int rankedResponses(Ranking ranking) {
    return (int) ranking.ranks().stream().filter(rank -> rank != RawRecord.UNRANKED).count();
  }

  /** Negative if the first is better, 0 for a tie or an unranked response. */
  private static int order(int first, int second) {
    boolean isRanked = first != RawRecord.UNRANKED && second != RawRecord.UNRANKED;
    return isRanked ? Integer.compare(first, second) : 0;
  }
}
