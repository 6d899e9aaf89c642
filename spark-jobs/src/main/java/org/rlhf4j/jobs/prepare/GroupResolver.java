package org.rlhf4j.jobs.prepare;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.rlhf4j.data.raw.Reason;
import org.rlhf4j.data.raw.VerdictGraph;

/**
 * Decides about the rows of one prompt: which say the same, and which contradict each other.
 *
 * <p>Duplicates go first: of rows with one key the first is kept. Among what is left, a row is
 * contradictory if the same annotator (or none) gave the opposite verdict on two of its responses,
 * and part of a cycle if that annotator's verdicts lead from the worse response back to the better
 * one; then all sides go.
 */
final class GroupResolver {
  private static final Comparator<Reason> BY_ORDER = Comparator.naturalOrder();

  private GroupResolver() {}

  /**
   * @param group in order of dataset, key, fingerprint, file and number: the first row of a key is
   *     the one kept
   */
  static List<Candidate> resolve(List<Candidate> group) {
    VerdictGraph verdicts =
        VerdictGraph.of(group.stream().flatMap(row -> row.verdicts().stream()).toList());
    List<Candidate> resolved = new ArrayList<>(group.size());
    Set<String> seen = new HashSet<>();
    for (Candidate candidate : group) {
      resolved.add(decide(candidate, seen, verdicts));
    }

    return resolved;
  }

  private static Candidate decide(Candidate candidate, Set<String> seen, VerdictGraph verdicts) {
    if (candidate.outcome().isPresent()) {
      return candidate;
    } else if (!seen.add(candidate.dataset() + candidate.key())) {
      return candidate.duplicate();
    }

    Optional<Reason> fault =
        candidate.verdicts().stream().flatMap(v -> verdicts.fault(v).stream()).min(BY_ORDER);
    return fault
        .map(reason -> candidate.quarantined(reason, detail(reason)))
        .orElseGet(candidate::kept);
  }

  private static String detail(Reason reason) {
    return reason == Reason.CONTRADICTORY_PAIR
        ? "another row prefers the other response of the same pair"
        : "with other rows of the same annotator this preference runs in a circle";
  }
}
