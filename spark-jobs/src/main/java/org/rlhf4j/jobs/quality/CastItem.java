package org.rlhf4j.jobs.quality;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.rlhf4j.jobs.quality.CastVotes.Counts;

/**
 * One item with the votes that count, in the order of the annotators' names, one of each.
 *
 * @param cluster items of one are not independent: those of one prompt; the item itself for others
 * @param gold the right label, where a row says so
 * @param contest group, left and right thing that the item compares, or nothing
 * @param duplicate votes beyond the first of equal ones
 * @param contradictory votes of annotators who gave several labels
 * @param missing rows without a label
 * @param goldRows rows that are no votes, but say what is right
 */
record CastItem(
    String item,
    String cluster,
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

  Counts counts() {
    return new Counts(votes.size(), duplicate, contradictory, missing, goldRows);
  }

  /**
   * The right label that a vote is held against.
   *
   * @param experts annotators whose votes are right where no row says what is: the label that most
   *     of them give, if there is one, for everybody else
   */
  Optional<String> gold(int vote, Set<String> experts) {
    return gold.or(() -> byExperts(experts, votes.get(vote).annotator()));
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
