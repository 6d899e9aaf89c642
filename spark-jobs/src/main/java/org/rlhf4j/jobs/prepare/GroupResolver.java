package org.rlhf4j.jobs.prepare;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.rlhf4j.data.raw.Reason;
import org.rlhf4j.data.raw.Verdict;

/**
 * Decides about the rows of one prompt: which say the same, and which contradict each other.
 *
 * <p>Duplicates go first: of rows with one key the first is kept. Among what is left, a row is
 * contradictory if the same annotator (or none) gave the opposite verdict on two of its responses;
 * then all sides go.
 */
final class GroupResolver {
  private GroupResolver() {}

  /**
   * @param group in order of dataset, key, fingerprint, file and number: the first row of a key is
   *     the one kept
   */
  static List<Candidate> resolve(List<Candidate> group) {
    Set<String> contested = contested(group);
    List<Candidate> resolved = new ArrayList<>(group.size());
    Set<String> seen = new HashSet<>();
    for (Candidate candidate : group) {
      resolved.add(decide(candidate, seen, contested));
    }

    return resolved;
  }

  private static Candidate decide(Candidate candidate, Set<String> seen, Set<String> contested) {
    if (candidate.outcome().isPresent()) {
      return candidate;
    } else if (!seen.add(candidate.dataset() + candidate.key())) {
      return candidate.duplicate();
    }

    boolean isContested =
        candidate.verdicts().stream().map(Verdict::question).anyMatch(contested::contains);
    return isContested
        ? candidate.quarantined(
            Reason.CONTRADICTORY_PAIR, "another row prefers the other response of the same pair")
        : candidate.kept();
  }

  /** Questions with two answers. */
  private static Set<String> contested(List<Candidate> group) {
    Map<String, Boolean> answers = new HashMap<>();
    Set<String> contested = new HashSet<>();
    for (Candidate candidate : group) {
      for (Verdict verdict : candidate.verdicts()) {
        Boolean other = answers.putIfAbsent(verdict.question(), verdict.isFirst());
        if (other != null && other != verdict.isFirst()) {
          contested.add(verdict.question());
        }
      }
    }

    return contested;
  }
}
