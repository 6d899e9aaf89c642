package org.rlhf4j.jobs.evaluate;

import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.apache.spark.api.java.JavaRDD;
import org.rlhf4j.data.dataset.PreferencePair;
import org.rlhf4j.data.dataset.Split;
import org.rlhf4j.jobs.rollout.StableHash;

/** The comparisons that a reward model is judged on. */
final class JudgedPairs {
  private JudgedPairs() {}

  /**
   * All that are held out, and some of each other split: those with the least hashes of their ids,
   * the same ones on any partitions.
   *
   * @param perSplit the most of another split
   */
  static JavaRDD<PreferencePair> of(
      JavaRDD<PreferencePair> pairs, Split heldOut, int perSplit, long seed) {
    Map<Split, Long> last = new EnumMap<>(Split.class);
    for (Split split : Split.values()) {
      if (split != heldOut && perSplit > 0) {
        List<Long> least =
            pairs
                .filter(pair -> pair.split() == split)
                .map(pair -> place(pair, seed))
                .takeOrdered(perSplit);
        if (!least.isEmpty()) {
          last.put(split, least.get(least.size() - 1));
        }
      }
    }
    last.put(heldOut, Long.MAX_VALUE);
    return pairs.filter(
        pair -> last.containsKey(pair.split()) && place(pair, seed) <= last.get(pair.split()));
  }

  private static long place(PreferencePair pair, long seed) {
    return StableHash.of("judged", seed, pair.pairId());
  }
}
