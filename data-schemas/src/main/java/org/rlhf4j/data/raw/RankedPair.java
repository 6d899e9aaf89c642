package org.rlhf4j.data.raw;

import java.util.ArrayList;
import java.util.List;
import org.rlhf4j.data.dataset.RowIds;
import org.rlhf4j.data.raw.RawRecord.Ranking;

/** Two responses of a ranking with different ranks and different texts. */
record RankedPair(String chosen, String rejected) {
  static List<RankedPair> of(Ranking ranking) {
    List<String> texts = ranking.responses().stream().map(RowIds::normalize).toList();
    List<RankedPair> pairs = new ArrayList<>();
    for (int i = 0; i < texts.size(); i++) {
      for (int j = i + 1; j < texts.size(); j++) {
        int order = order(ranking, i, j);
        if (order != 0 && !texts.get(i).equals(texts.get(j))) {
          int better = order < 0 ? i : j;
          pairs.add(
              new RankedPair(
                  ranking.responses().get(better), ranking.responses().get(i + j - better)));
        }
      }
    }

    return pairs;
  }

  /** Responses with a rank: the K of the ranking. */
  static int rankedResponses(Ranking ranking) {
    return (int) ranking.ranks().stream().filter(rank -> rank != RawRecord.UNRANKED).count();
  }

  /** Negative if response i is better, 0 for a tie or an unranked response. */
  private static int order(Ranking ranking, int i, int j) {
    int first = ranking.ranks().get(i);
    int second = ranking.ranks().get(j);
    boolean isRanked = first != RawRecord.UNRANKED && second != RawRecord.UNRANKED;
    return isRanked ? Integer.compare(first, second) : 0;
  }
}
