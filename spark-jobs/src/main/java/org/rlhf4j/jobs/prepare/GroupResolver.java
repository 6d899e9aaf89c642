package org.rlhf4j.jobs.prepare;

import java.util.Comparator;
import java.util.Optional;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.rlhf4j.data.raw.Reason;
import org.rlhf4j.data.raw.VerdictGraph;
import org.rlhf4j.jobs.prepare.Candidate.Outcome;

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
  private static final String NO_REASON = "";

  private final VerdictGraph verdicts;
  private String dataset = "";
  private String key = "";
  private boolean isSigned;

  /**
   * @param verdicts of all rows of the group
   */
  GroupResolver(VerdictGraph verdicts) {
    this.verdicts = verdicts;
  }

  /**
   * @param row of {@link Candidate#SCHEMA}; rows come in order of dataset, key, fingerprint, file
   *     and number: the first row of a key is the one kept
   */
  Row decide(Row row) {
    if (!row.getString(Candidate.OUTCOME).isEmpty()) {
      return row;
    }

    boolean isRepeated =
        row.getString(Candidate.KEY).equals(key)
            && row.getString(Candidate.DATASET).equals(dataset);
    if (isRepeated) {
      return decided(row, Outcome.DUPLICATE, NO_REASON, "");
    }

    key = row.getString(Candidate.KEY);
    dataset = row.getString(Candidate.DATASET);
    Optional<Reason> fault =
        Candidate.verdicts(row).stream().flatMap(v -> verdicts.fault(v).stream()).min(BY_ORDER);
    return fault
        .map(reason -> decided(row, Outcome.QUARANTINED, reason.name(), detail(reason)))
        .orElseGet(() -> decided(row, Outcome.KEPT, NO_REASON, ""));
  }

  /** Only the first kept row stands for the prompt where prompts are compared. */
  private Row decided(Row row, Outcome outcome, String reason, String detail) {
    Object[] values = new Object[row.size()];
    for (int i = 0; i < values.length; i++) {
      values[i] = row.get(i);
    }

    boolean isFirst = outcome == Outcome.KEPT && !isSigned;
    isSigned |= isFirst;
    values[Candidate.SIGNATURE] = isFirst ? values[Candidate.SIGNATURE] : Candidate.NO_SIGNATURE;
    values[Candidate.OUTCOME] = outcome.name();
    values[Candidate.REASON] = reason;
    values[Candidate.DETAIL] = detail;
    return RowFactory.create(values);
  }

  private static String detail(Reason reason) {
    return reason == Reason.CONTRADICTORY_PAIR
        ? "another row prefers the other response of the same pair"
        : "with other rows of the same annotator this preference runs in a circle";
  }
}
