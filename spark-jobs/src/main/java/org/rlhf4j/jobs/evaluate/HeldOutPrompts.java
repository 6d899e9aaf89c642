package org.rlhf4j.jobs.evaluate;

import java.io.Serializable;
import java.util.List;
import org.apache.spark.api.java.JavaRDD;
import org.rlhf4j.data.dataset.Prompt;
import org.rlhf4j.jobs.dataset.Datasets;
import org.rlhf4j.jobs.rollout.StableHash;
import scala.Tuple2;

/** The held-out prompts that every policy answers: always the same for one evaluation seed. */
final class HeldOutPrompts {
  private HeldOutPrompts() {}

  /**
   * @param count 0 means all
   * @return in a fixed order that says nothing about the prompts
   */
  static List<Prompt> choose(Datasets datasets, String path, int count, long seed) {
    JavaRDD<Prompt> heldOut = HeldOut.of(datasets.read(path, Prompt.class), Prompt::split, path);
    JavaRDD<Placed> distinct =
        heldOut
            .mapToPair(prompt -> new Tuple2<>(prompt.promptId(), prompt))
            .reduceByKey(Prompt::first)
            .values()
            .map(prompt -> Placed.of(prompt, seed));
    List<Placed> chosen =
        count == 0 ? distinct.collect().stream().sorted().toList() : distinct.takeOrdered(count);
    return chosen.stream().map(Placed::prompt).toList();
  }

  /** A prompt and its place in the order. */
  private record Placed(long hash, Prompt prompt) implements Comparable<Placed>, Serializable {
    static Placed of(Prompt prompt, long seed) {
      return new Placed(StableHash.of("held-out", seed, prompt.promptId()), prompt);
    }

    @Override
    public int compareTo(Placed other) {
      int byHash = Long.compare(hash, other.hash);
      return byHash != 0 ? byHash : prompt.promptId().compareTo(other.prompt.promptId());
    }
  }
}
