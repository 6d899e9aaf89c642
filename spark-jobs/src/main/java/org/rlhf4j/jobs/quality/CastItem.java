package org.rlhf4j.jobs.quality;

import java.util.List;
import java.util.Optional;

/**
 * One item with the votes that count, in the order of the annotators' names, one of each.
 *
 * @param gold the right label
 * @param contest group, left and right thing that the item compares, or nothing
 * @param duplicate votes beyond the first of equal ones
 * @param contradictory votes of annotators who gave several labels
 * @param missing rows without a label
 */
record CastItem(
    String item,
    List<CastVote> votes,
    Optional<String> gold,
    List<String> contest,
    long duplicate,
    long contradictory,
    long missing) {

  /**
   * One vote; see {@link CodedItem} for the marks.
   *
   * @param time milliseconds since 1970 or {@link CodedItem#NO_TIME}
   */
  record CastVote(
      String annotator, String label, long time, byte choice, byte position, byte longer) {}

  CodedItem coded(Names annotators, Names labels) {
    int size = votes.size();
    CodedItem coded =
        new CodedItem(
            item,
            new int[size],
            new int[size],
            gold.map(label -> labels.number(label, labels.size())).orElse(CodedItem.UNKNOWN),
            new long[size],
            contest,
            new byte[size],
            new byte[size],
            new byte[size]);
    for (int v = 0; v < size; v++) {
      CastVote vote = votes.get(v);
      coded.annotators()[v] = annotators.number(vote.annotator(), CodedItem.UNKNOWN);
      coded.labels()[v] = labels.number(vote.label(), CodedItem.UNKNOWN);
      coded.times()[v] = vote.time();
      coded.choices()[v] = vote.choice();
      coded.positions()[v] = vote.position();
      coded.lengths()[v] = vote.longer();
    }

    return coded;
  }
}
