package org.rlhf4j.jobs.prepare;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;
import org.rlhf4j.data.raw.Reason;
import org.rlhf4j.jobs.dataset.InputFile;
import org.rlhf4j.jobs.prepare.Candidate.Outcome;
import org.rlhf4j.jobs.prepare.PrepareResult.FileCounts;

/** Raw rows by file and outcome, counted from what was decided about each of them. */
final class RowCounts {
  private final List<Count> counts;

  private record Count(
      String file, Outcome outcome, String reason, boolean isTruncated, long rows) {}

  private RowCounts(List<Count> counts) {
    this.counts = counts;
  }

  /** Derived rows are no rows of the input and are left out. */
  static RowCounts of(Dataset<Row> decided) {
    List<Row> rows =
        decided
            .filter(functions.not(functions.col("is_derived")))
            .groupBy("file", "outcome", "reason", "is_truncated")
            .count()
            .collectAsList();
    return new RowCounts(
        rows.stream()
            .map(
                row ->
                    new Count(
                        row.getString(0),
                        Outcome.valueOf(row.getString(1)),
                        row.getString(2),
                        row.getBoolean(3),
                        row.getLong(4)))
            .toList());
  }

  long read() {
    return counts.stream().mapToLong(Count::rows).sum();
  }

  /** Share of rows with a fault among those read; 0 if none was read. */
  double badShare() {
    long bad =
        counts.stream()
            .filter(count -> count.outcome() == Outcome.QUARANTINED)
            .filter(count -> Reason.valueOf(count.reason()).isFault())
            .mapToLong(Count::rows)
            .sum();
    return read() == 0 ? 0 : (double) bad / read();
  }

  /** Files without rows are listed with zeros. */
  PrepareResult result(List<InputFile> inputs, Map<String, Long> datasets) {
    List<FileCounts> files = new ArrayList<>();
    for (InputFile input : inputs) {
      String name = input.displayName();
      List<Count> ofFile = counts.stream().filter(count -> count.file().equals(name)).toList();
      files.add(
          new FileCounts(
              name,
              ofFile.stream().mapToLong(Count::rows).sum(),
              rows(ofFile, Outcome.KEPT),
              rows(ofFile, Outcome.QUARANTINED),
              duplicates(ofFile),
              reasons(ofFile)));
    }

    return new PrepareResult(
        read(),
        rows(counts, Outcome.KEPT),
        rows(counts, Outcome.QUARANTINED),
        duplicates(counts),
        rows(counts, Outcome.NEAR_DUPLICATE),
        rows(counts, Outcome.OTHER_SPLIT),
        counts.stream()
            .filter(count -> count.isTruncated() && count.outcome() == Outcome.KEPT)
            .mapToLong(Count::rows)
            .sum(),
        reasons(counts),
        datasets,
        files);
  }

  private static long rows(List<Count> counts, Outcome outcome) {
    return counts.stream().filter(count -> count.outcome() == outcome).mapToLong(Count::rows).sum();
  }

  private static long duplicates(List<Count> counts) {
    return counts.stream()
        .filter(count -> count.outcome().isDuplicate())
        .mapToLong(Count::rows)
        .sum();
  }

  private static Map<String, Long> reasons(List<Count> counts) {
    Map<String, Long> reasons = new TreeMap<>();
    counts.stream()
        .filter(count -> count.outcome() == Outcome.QUARANTINED)
        .forEach(
            count -> reasons.merge(Reason.valueOf(count.reason()).code(), count.rows(), Long::sum));
    return reasons;
  }
}
