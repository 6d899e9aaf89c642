package org.rlhf4j.jobs.evaluate;

import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.spark.api.java.JavaRDD;
import org.rlhf4j.data.dataset.Prompt;
import org.rlhf4j.jobs.dataset.Datasets;
import org.rlhf4j.jobs.rollout.StableHash;

/** The held-out prompts that every policy answers: always the same for one evaluation seed. */
final class HeldOutPrompts {
  private HeldOutPrompts() {}

  /**
   * @param count 0 means all
   * @return in a fixed order that says nothing about the prompts
   */
  static List<Prompt> choose(Datasets datasets, String path, int count, long seed) {
    JavaRDD<Prompt> heldOut = HeldOut.of(datasets.read(path, Prompt.class), Prompt::split, path);
    Map<String, Prompt> distinct = new TreeMap<>();
    for (Prompt prompt : heldOut.collect()) {
      distinct.merge(prompt.promptId(), prompt, HeldOutPrompts::first);
    }
    return distinct.values().stream()
        .sorted(
            Comparator.comparingLong(prompt -> StableHash.of("held-out", seed, prompt.promptId())))
        .limit(count == 0 ? Long.MAX_VALUE : count)
        .toList();
  }

  /** Of two prompts that differ only in what normalisation removes, always the same one. */
  private static Prompt first(Prompt left, Prompt right) {
    return left.prompt().toString().compareTo(right.prompt().toString()) <= 0 ? left : right;
  }
}
