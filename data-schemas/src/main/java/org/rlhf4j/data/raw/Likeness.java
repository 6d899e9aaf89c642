package org.rlhf4j.data.raw;

import java.util.List;

/**
 * What near-duplicates are compared by, the prompt apart: two records are alike if their contexts
 * are equal and their responses are alike, rank by rank.
 *
 * @param context hash of all that has to be equal: the annotator, a rating
 * @param responses texts of which near copies are looked for, [K]
 * @param ranks of the responses, [K]
 */
public record Likeness(String context, List<String> responses, List<Integer> ranks) {
  public Likeness {
    responses = List.copyOf(responses);
    ranks = List.copyOf(ranks);
  }
}
