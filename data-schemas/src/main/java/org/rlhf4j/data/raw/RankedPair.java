package org.rlhf4j.data.raw;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.rlhf4j.data.dataset.RowIds;
import org.rlhf4j.data.raw.RawRecord.Ranking;

/** Positions of two responses of a ranking with different ranks and different texts. */
record RankedPair(int better, int worse) {
  /** Each two texts once, also where one of them stands several times in the ranking. */
  static List<RankedPair> of(Ranking ranking) {
    return of(ranking.ranks(), normalized(ranking));
  }

  /**
   * @param texts normal forms of the responses, [K]
   */
  static List<RankedPair> of(List<Integer> ranks, List<String> texts) {
    int[] names = names(texts);
    boolean isRepetitive = isRepetitive(names);
    Set<RankedPair> told = new HashSet<>();
    List<RankedPair> pairs = new ArrayList<>();
    for (int i = 0; i < names.length; i++) {
      for (int j = i + 1; j < names.length; j++) {
        int order = names[i] == names[j] ? 0 : order(ranks.get(i), ranks.get(j));
        if (order == 0) {
          continue;
        }

        RankedPair pair = order < 0 ? new RankedPair(i, j) : new RankedPair(j, i);
        if (!isRepetitive || told.add(pair.named(names))) {
          pairs.add(pair);
        }
      }
    }

    return pairs;
  }

  /** Whether the ranking gives a pair at all. */
  static boolean isAnyIn(Ranking ranking) {
    int[] names = names(normalized(ranking));
    for (int i = 0; i < names.length; i++) {
      for (int j = i + 1; j < names.length; j++) {
        if (names[i] != names[j] && order(ranking.ranks().get(i), ranking.ranks().get(j)) != 0) {
          return true;
        }
      }
    }

    return false;
  }

  /** Whether one text stands above and below another one. */
  static boolean isContradiction(Ranking ranking) {
    int[] names = names(normalized(ranking));
    if (!isRepetitive(names)) {
      return false;
    }

    Set<RankedPair> told =
        of(ranking).stream().map(pair -> pair.named(names)).collect(Collectors.toSet());
    return told.stream().anyMatch(pair -> told.contains(pair.reversed()));
  }

  /** Responses with a rank, equal texts of one rank once: the K of the ranking. */
  static int rankedResponses(Ranking ranking) {
    int[] names = names(normalized(ranking));
    return (int)
        IntStream.range(0, names.length)
            .filter(i -> ranking.ranks().get(i) != RawRecord.UNRANKED)
            .mapToObj(i -> List.of(ranking.ranks().get(i), names[i]))
            .distinct()
            .count();
  }

  private static List<String> normalized(Ranking ranking) {
    return ranking.responses().stream().map(RowIds::normalize).toList();
  }

  /** The position at which each text stands first, [K]. */
  private static int[] names(List<String> texts) {
    if (texts.size() == 2) { // by far the most
      return texts.get(0).equals(texts.get(1)) ? new int[] {0, 0} : new int[] {0, 1};
    }

    Map<String, Integer> first = new HashMap<>();
    int[] names = new int[texts.size()];
    for (int i = 0; i < names.length; i++) {
      Integer before = first.putIfAbsent(texts.get(i), i);
      names[i] = before == null ? i : before;
    }

    return names;
  }

  private static boolean isRepetitive(int[] names) {
    return IntStream.range(0, names.length).anyMatch(i -> names[i] != i);
  }

  private RankedPair reversed() {
    return new RankedPair(/* better= */ worse, /* worse= */ better);
  }

  private RankedPair named(int[] names) {
    return new RankedPair(names[better], names[worse]);
  }

  /** Negative if the first is better, 0 for a tie or an unranked response. */
  private static int order(int first, int second) {
    boolean isRanked = first != RawRecord.UNRANKED && second != RawRecord.UNRANKED;
    return isRanked ? Integer.compare(first, second) : 0;
  }
}
