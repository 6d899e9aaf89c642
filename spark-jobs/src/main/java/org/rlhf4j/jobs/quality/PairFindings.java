package org.rlhf4j.jobs.quality;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.TreeMap;
import org.apache.spark.sql.Row;
import org.rlhf4j.jobs.quality.CohenKappa.Cell;

/**
 * Reads the common votes of one pair of annotators after the other; gives the suspicious ones and,
 * at the end, the tally of all.
 */
final class PairFindings implements Iterator<PairFinding> {
  private final RowRuns rows;
  private final PairTest test;
  private final PairTally tally = new PairTally();
  private Optional<PairFinding> next = Optional.empty();
  private boolean isOver;

  /**
   * @param rows of {@link PairAgreement#PAIRS}, in the order of pair and cluster
   */
  PairFindings(Iterator<Row> rows, PairTest test) {
    this.rows = new RowRuns(rows);
    this.test = test;
    find();
  }

  @Override
  public boolean hasNext() {
    return next.isPresent();
  }

  @Override
  public PairFinding next() {
    PairFinding finding = next.orElseThrow(NoSuchElementException::new);
    find();
    return finding;
  }

  private void find() {
    next = Optional.empty();
    while (rows.hasNext() && next.isEmpty()) {
      next = nextPair();
    }

    if (next.isEmpty() && !isOver) {
      isOver = true;
      next = Optional.of(tally);
    }
  }

  private Optional<PairFinding> nextPair() {
    long pair = rows.first().getLong(0);
    Map<Long, Long> counts = new TreeMap<>();
    PairTrials trials = new PairTrials();
    rows.read(
        row -> row.getLong(0) == pair,
        row -> {
          long cell = row.getLong(1);
          counts.merge(cell, 1L, Long::sum);
          boolean isEqual = PairAgreement.first(cell) == PairAgreement.second(cell);
          trials.add(row.getLong(2), isEqual, row.getLong(3));
        });
    trials.end();
    tally.add(CohenKappa.of(cells(counts)));
    if (!test.isSuspicious(trials.clusters(), trials.agreeing(), trials.expected())) {
      return Optional.empty();
    }

    return Optional.of(
        new PairSuspicion(
            PairAgreement.first(pair),
            PairAgreement.second(pair),
            trials.items(),
            trials.equalItems(),
            trials.expectedItems(),
            PairTest.log10Probability(trials.clusters(), trials.agreeing(), trials.expected())));
  }

  private static List<Cell> cells(Map<Long, Long> counts) {
    List<Cell> cells = new ArrayList<>(counts.size());
    counts.forEach(
        (cell, items) ->
            cells.add(new Cell(PairAgreement.first(cell), PairAgreement.second(cell), items)));
    return cells;
  }
}
