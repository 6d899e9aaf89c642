package org.rlhf4j.jobs.ppo;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.rlhf4j.jobs.rollout.StableHash;

/**
 * Order in which prompts are used: every prompt once per pass over the data, each pass in an order
 * of its own. A pure function of seed, prompt ids and iteration, so a resumed run goes on where it
 * stopped. Keeps all ids on the driver, about 100 bytes each.
 */
final class PromptSchedule {
  private final List<String> promptIds;
  private final long seed;
  private long orderedPass = -1;
  private List<String> order = List.of();

  /**
   * One use of a prompt.
   *
   * @param occurrence how often the iteration has used it before
   */
  record Use(String promptId, int occurrence) {}

  /**
   * @param promptIds distinct, in any order
   */
  PromptSchedule(List<String> promptIds, long seed) {
    if (promptIds.isEmpty()) {
      throw new IllegalArgumentException("There must be at least one prompt");
    }
    this.promptIds = List.copyOf(promptIds);
    this.seed = seed;
  }

  /**
   * Prompts of one iteration.
   *
   * @param iteration counted from 1
   * @param count prompts per iteration
   */
  List<Use> uses(long iteration, int count) {
    long first = (iteration - 1) * count;
    List<Use> uses = new ArrayList<>(count);
    Map<String, Integer> occurrences = new HashMap<>();
    for (long position = first; position < first + count; position++) {
      String promptId = at(position);
      int times = occurrences.merge(promptId, 1, Integer::sum);
      uses.add(new Use(promptId, times - 1));
    }
    return uses;
  }

  private String at(long position) {
    long pass = position / promptIds.size();
    if (pass != orderedPass) {
      order = order(pass);
      orderedPass = pass;
    }
    return order.get((int) (position % promptIds.size()));
  }

  private List<String> order(long pass) {
    record Placed(long hash, String promptId) {}
    return promptIds.stream()
        .map(id -> new Placed(StableHash.of("prompt-order", seed, pass, id), id))
        .sorted(Comparator.comparingLong(Placed::hash).thenComparing(Placed::promptId))
        .map(Placed::promptId)
        .toList();
  }
}
