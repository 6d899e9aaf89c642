package org.rlhf4j.jobs.quality;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * One item with the votes that count, in the order of the annotators' names, one of each.
 *
 * @param gold the right label, where a row says so
 * @param contest group, left and right thing that the item compares, or nothing
 * @param duplicate votes beyond the first of equal ones
 * @param contradictory votes of annotators who gave several labels
 * @param missing rows without a label
 * @param goldRows rows that are no votes, but say what is right
 */
record CastItem(
    String item,
    List<CastVote> votes,
    Optional<String> gold,
    List<String> contest,
    long duplicate,
    long contradictory,
    long missing,
    long goldRows) {

  /**
   * One vote; see {@link CodedItem} for the marks.
   *
   * @param time milliseconds since 1970 or {@link CodedItem#NO_TIME}
   */
  record CastVote(
      String annotator, String label, long time, byte choice, byte position, byte longer) {}

  /**
   * @param experts annotators whose votes are right where no row says what is: the label that most
   *     of them give, if there is one, for everybody else
   */
  CodedItem coded(Names annotators, Names labels, Set<String> experts) {
    int size = votes.size();
    CodedItem coded =
        new CodedItem(
            item,
            new int[size],
            new int[size],
            new int[size],
            new long[size],
            contest,
            new byte[size],
            new byte[size],
            new byte[size]);
    for (int v = 0; v < size; v++) {
      CastVote vote = votes.get(v);
      coded.annotators()[v] = annotators.number(vote.annotator(), CodedItem.UNKNOWN);
      coded.labels()[v] = labels.number(vote.label(), CodedItem.UNKNOWN);
      coded.golds()[v] =
          gold.or(() -> byExperts(experts, vote.annotator()))
              .map(label -> labels.number(label, labels.size()))
              .orElse(CodedItem.UNKNOWN);
      coded.times()[v] = vote.time();
      coded.choices()[v] = vote.choice();
      coded.positions()[v] = vote.position();
      coded.lengths()[v] = vote.longer();
    }

    return coded;
  }

  /** The label of most experts apart from this annotator; empty if several have as many. */
  private Optional<String> byExperts(Set<String> experts, String annotator) {
    if (experts.isEmpty()) {
      return Optional.empty();
    }

    Map<String, Integer> counts = new TreeMap<>();
    for (CastVote vote : votes) {
      if (experts.contains(vote.annotator()) && !vote.annotator().equals(annotator)) {
        counts.merge(vote.label(), 1, Integer::sum);
      }
    }

    int most = counts.values().stream().mapToInt(Integer::intValue).max().orElse(0);
    List<String> best =
        counts.entrySet().stream()
            .filter(e -> e.getValue() == most)
            .map(Map.Entry::getKey)
            .toList();
    return best.size() == 1 ? Optional.of(best.get(0)) : Optional.empty();
  }
}
