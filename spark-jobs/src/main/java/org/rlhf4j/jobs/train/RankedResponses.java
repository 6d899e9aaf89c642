package org.rlhf4j.jobs.train;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.spark.api.java.JavaRDD;
import org.rlhf4j.data.dataset.Message;
import org.rlhf4j.data.dataset.PreferencePair;
import org.rlhf4j.data.dataset.Split;
import org.rlhf4j.jobs.JobException;

/**
 * The responses of one ranking, put together from its pairs.
 *
 * @param groupId of the pairs
 * @param ranks by response, equal for ties, higher for better ones
 * @param weight sum of the pairs' weights: 1 for a whole ranking
 */
record RankedResponses(
    String groupId, Split split, List<Message> prompt, List<Ranked> ranks, double weight)
    implements Serializable {

  /** A response and its place: the longest chain of worse responses below it. */
  record Ranked(String response, int rank) implements Serializable {}

  /** Rankings of all groups. */
  static JavaRDD<RankedResponses> of(JavaRDD<PreferencePair> pairs) {
    return pairs.groupBy(PreferencePair::groupId).values().map(RankedResponses::of);
  }

  /**
   * @param group pairs of one ranking, in any order
   * @throws JobException if they go in a circle
   */
  static RankedResponses of(Iterable<PreferencePair> group) {
    List<PreferencePair> pairs = new ArrayList<>();
    group.forEach(pairs::add);
    pairs.sort(
        Comparator.comparing(PreferencePair::pairId)
            .thenComparing(PreferencePair::chosen)
            .thenComparing(PreferencePair::rejected));
    PreferencePair first = pairs.get(0);
    List<Ranked> ranks = new ArrayList<>();
    ranks(pairs).forEach((response, rank) -> ranks.add(new Ranked(response, rank)));
    ranks.sort(Comparator.comparingInt(Ranked::rank).reversed().thenComparing(Ranked::response));
    double weight = pairs.stream().mapToDouble(PreferencePair::weight).sum();
    return new RankedResponses(first.groupId(), first.split(), first.prompt(), ranks, weight);
  }

  /** Raises the better side of each pair above the other until nothing changes. */
  private static Map<String, Integer> ranks(List<PreferencePair> pairs) {
    Map<String, Integer> ranks = new TreeMap<>();
    for (PreferencePair pair : pairs) {
      ranks.put(pair.chosen(), 0);
      ranks.put(pair.rejected(), 0);
    }
    boolean changed = true;
    for (int pass = 0; changed; pass++) {
      if (pass > ranks.size()) {
        throw JobException.badInput(
            "The pairs of group_id %s go in a circle, so that its responses have no order; correct"
                + " them or set reward.objective to bradley-terry",
            pairs.get(0).groupId());
      }
      changed = false;
      for (PreferencePair pair : pairs) {
        int above = ranks.get(pair.rejected()) + 1;
        if (ranks.get(pair.chosen()) < above) {
          ranks.put(pair.chosen(), above);
          changed = true;
        }
      }
    }
    return ranks;
  }
}
