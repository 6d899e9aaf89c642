package org.rlhf4j.jobs.prepare;

import static org.apache.spark.sql.functions.lit;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.rlhf4j.data.raw.RawFormat;
import org.rlhf4j.data.raw.Reason;
import org.rlhf4j.jobs.dataset.InputFile;
import org.rlhf4j.jobs.dataset.InputSelection;
import org.rlhf4j.jobs.prepare.Candidate.Outcome;
import org.rlhf4j.jobs.prepare.PrepareResult.FileCounts;

/** Raw rows by file and outcome, counted from what was decided about each of them. */
final class RowCounts {
  private final List<Count> counts;

  /** Rows of one kind; negative where rows of this kind became rows of another. */
  private record Count(
      String file,
      Outcome outcome,
      String reason,
      boolean isTruncated,
      boolean isDerived,
      String dataset,
      String format,
      long rows) {

    static Count of(Row row) {
      return new Count(
          row.getString(0),
          Outcome.valueOf(row.getString(1)),
          row.getString(2),
          row.getBoolean(3),
          row.getBoolean(4),
          row.getString(5),
          row.getString(6),
          row.getLong(7));
    }

    Count keptNoMore() {
      return new Count(file, Outcome.KEPT, reason, isTruncated, isDerived, dataset, format, -rows);
    }
  }

  private RowCounts(List<Count> counts) {
    this.counts = counts;
  }

  /** One pass over rows of {@link Candidate#SCHEMA}. */
  static RowCounts of(Dataset<Row> decided) {
    return new RowCounts(count(decided));
  }

  /**
   * The counts after kept rows were removed.
   *
   * @param removals rows of {@link Removals#SCHEMA}
   */
  RowCounts without(Dataset<Row> removals) {
    List<Count> removed = count(removals.withColumn("reason", lit("")));
    List<Count> all = new ArrayList<>(counts);
    all.addAll(removed);
    removed.forEach(count -> all.add(count.keptNoMore()));
    return new RowCounts(all);
  }

  private static List<Count> count(Dataset<Row> rows) {
    return rows
        .groupBy("file", "outcome", "reason", "is_truncated", "is_derived", "dataset", "format")
        .count()
        .collectAsList()
        .stream()
        .map(Count::of)
        .toList();
  }

  /** Rows kept for each dataset that has any, derived ones among them. */
  Map<String, Long> keptDatasets() {
    Map<String, Long> kept =
        kept().collect(Collectors.groupingBy(Count::dataset, Collectors.summingLong(Count::rows)));
    kept.values().removeIf(rows -> rows == 0);
    kept.remove(Candidate.TREE_MESSAGE);
    return kept;
  }

  /** Whether kept rows hold nested trees, which have several prompts each. */
  boolean keepsTrees() {
    String oasst = RawFormat.OASST.formatName();
    return kept().filter(count -> count.format().equals(oasst)).mapToLong(Count::rows).sum() > 0;
  }

  long read() {
    return ofInput().mapToLong(Count::rows).sum();
  }

  /** Share of rows with a fault among those read; 0 if none was read. */
  double badShare() {
    long bad =
        ofInput()
            .filter(count -> count.outcome() == Outcome.QUARANTINED)
            .filter(count -> Reason.valueOf(count.reason()).isFault())
            .mapToLong(Count::rows)
            .sum();
    return read() == 0 ? 0 : (double) bad / read();
  }

  /** Files without rows are listed with zeros. */
  PrepareResult result(InputSelection selection, Map<String, Long> datasets) {
    Map<String, List<Count>> byFile = ofInput().collect(Collectors.groupingBy(Count::file));
    List<FileCounts> files = new ArrayList<>();
    for (InputFile input : selection.files()) {
      String name = input.displayName();
      List<Count> ofFile = byFile.getOrDefault(name, List.of());
      files.add(
          new FileCounts(
              name,
              ofFile.stream().mapToLong(Count::rows).sum(),
              rows(ofFile, Outcome.KEPT),
              rows(ofFile, Outcome.QUARANTINED),
              duplicates(ofFile),
              reasons(ofFile)));
    }

    List<Count> all = ofInput().toList();
    return new PrepareResult(
        read(),
        rows(all, Outcome.KEPT),
        rows(all, Outcome.QUARANTINED),
        duplicates(all),
        rows(all, Outcome.NEAR_DUPLICATE),
        rows(all, Outcome.OTHER_SPLIT),
        rows(all.stream().filter(Count::isTruncated).toList(), Outcome.KEPT),
        reasons(all),
        datasets,
        files,
        selection.leftOut());
  }

  private Stream<Count> kept() {
    return counts.stream().filter(count -> count.outcome() == Outcome.KEPT);
  }

  /** Derived rows are no rows of the input. */
  private Stream<Count> ofInput() {
    return counts.stream().filter(count -> !count.isDerived());
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
