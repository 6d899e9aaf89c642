package org.rlhf4j.jobs.prepare;

import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.rlhf4j.data.dataset.DatasetSchema;
import org.rlhf4j.data.dataset.Rating;
import org.rlhf4j.data.raw.Reason;
import org.rlhf4j.data.raw.Verdict;
import org.rlhf4j.data.raw.VerdictGraph;
import org.rlhf4j.data.raw.VerdictList;
import org.rlhf4j.jobs.prepare.Candidate.Outcome;

/**
 * Decides about the rows of one prompt: which say the same, and which contradict each other.
 *
 * <p>Duplicates go first: of rows with one key the first is kept. Among what is left, a row is
 * contradictory if the same annotator (or none) gave the opposite verdict on its responses, and
 * part of a cycle if that annotator's verdicts lead from the worse response back to the better one;
 * then all sides go.
 */
final class GroupResolver {
  private static final Comparator<Reason> BY_ORDER = Comparator.naturalOrder();
  private static final String NO_REASON = "";
  private static final String RATINGS = DatasetSchema.of(Rating.class).name();

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
    List<Verdict> own = Candidate.verdicts(row);
    return fault(verdicts, own)
        .map(reason -> decided(row, Outcome.QUARANTINED, reason.name(), detail(reason, own)))
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

  /** The worst fault of a row. */
  private static Optional<Reason> fault(VerdictGraph verdicts, List<Verdict> own) {
    return own.stream().flatMap(verdict -> verdicts.fault(verdict).stream()).min(BY_ORDER);
  }

  private String detail(Reason reason, List<Verdict> own) {
    VerdictList alone = new VerdictList();
    own.forEach(alone::add);
    if (fault(VerdictGraph.of(alone), own).isPresent()) {
      return "the row's own comparisons contradict each other or run in a circle";
    } else if (reason == Reason.PREFERENCE_CYCLE) {
      return "with other rows of the same annotator this preference runs in a circle";
    }

    return dataset.equals(RATINGS)
        ? "another row says the opposite of the same response"
        : "another row prefers the other response of the same pair";
  }
}
