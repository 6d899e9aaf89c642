package org.rlhf4j.data.raw;

import java.util.List;

/**
 * By what a record is compared with others, found in one pass over its texts.
 *
 * @param promptId id of the prompt; of a tree, of its first prompt
 * @param key two records of one dataset with the same key say the same
 * @param verdicts what it says of pairs of responses; empty where it cannot contradict another
 *     record
 */
public record Identity(String promptId, String key, List<Verdict> verdicts) {
  public Identity {
    verdicts = List.copyOf(verdicts);
  }
}
