package org.rlhf4j.jobs.report;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.rlhf4j.data.dataset.QuarantinedRow;

/** How many rows each reason has, and its first rows by file and number. */
final class QuarantineExamples implements Serializable {
  private static final long serialVersionUID = 1L;

  /** Rows shown of each reason. */
  static final int EXAMPLES = 3;

  /** Characters shown of a row. */
  static final int LENGTH = 600;

  private static final Comparator<QuarantinedRow> BY_PLACE =
      Comparator.comparing(QuarantinedRow::sourceFile).thenComparing(QuarantinedRow::rowNumber);

  private final Map<String, Long> counts = new TreeMap<>();
  private final Map<String, List<QuarantinedRow>> examples = new TreeMap<>();

  QuarantineExamples add(QuarantinedRow row) {
    counts.merge(row.reason(), 1L, Long::sum);
    keep(row.reason(), row);
    return this;
  }

  QuarantineExamples merge(QuarantineExamples other) {
    other.counts.forEach((reason, rows) -> counts.merge(reason, rows, Long::sum));
    other.examples.forEach((reason, rows) -> rows.forEach(row -> keep(reason, row)));
    return this;
  }

  private void keep(String reason, QuarantinedRow row) {
    List<QuarantinedRow> kept = examples.computeIfAbsent(reason, name -> new ArrayList<>());
    boolean isFull = kept.size() == EXAMPLES;
    if (isFull && BY_PLACE.compare(row, kept.get(EXAMPLES - 1)) >= 0) {
      return;
    }

    kept.add(cut(row));
    kept.sort(BY_PLACE);
    if (isFull) {
      kept.remove(EXAMPLES);
    }
  }

  private static QuarantinedRow cut(QuarantinedRow row) {
    return new QuarantinedRow(
        row.sourceFile(), row.rowNumber(), row.reason(), cut(row.detail()), cut(row.raw()));
  }

  /** Whole characters, and an ellipsis for the rest. */
  private static String cut(String text) {
    return text.codePointCount(0, text.length()) <= LENGTH
        ? text
        : text.substring(0, text.offsetByCodePoints(0, LENGTH)) + "…";
  }

  /** Rows by reason. */
  Map<String, Long> counts() {
    return counts;
  }

  /** Examples of a reason, in the order of files and rows. */
  List<QuarantinedRow> of(String reason) {
    return examples.getOrDefault(reason, List.of());
  }
}
