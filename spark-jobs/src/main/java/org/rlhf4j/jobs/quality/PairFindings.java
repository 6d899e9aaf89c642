package org.rlhf4j.jobs.quality;

import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.Optional;
import org.apache.spark.sql.Row;

/**
 * Reads the common votes of one pair of annotators after the other; gives the suspicious ones and,
 * at the end, the tally of all.
 */
final class PairFindings implements Iterator<PairFinding> {
  private final RowRuns rows;
  private final PairTest test;
  private final int replicates;
  private final PairTally tally;
  private Optional<PairFinding> next = Optional.empty();
  private boolean isOver;

  /**
   * @param rows of {@link CommonItem#SCHEMA}, in the order of pair and cluster
   * @param replicates behind the interval of the mean kappa
   */
  PairFindings(Iterator<Row> rows, PairTest test, int replicates) {
    this.rows = new RowRuns(rows);
    this.test = test;
    this.replicates = replicates;
    this.tally = new PairTally(replicates);
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
    long pair = CommonItem.of(rows.first()).pair();
    PairCells cells = new PairCells(replicates);
    PairTrials trials = new PairTrials();
    rows.read(
        row -> CommonItem.of(row).pair() == pair,
        row -> {
          CommonItem item = CommonItem.of(row);
          cells.add(item.cell(), item.cluster());
          trials.add(item.cluster(), item.isEqual(), item.expected());
        });
    cells.end();
    trials.end();
    tally.add(cells);
    if (!test.isSuspicious(trials.clusters(), trials.agreeing(), trials.expected())) {
      return Optional.empty();
    }

    return Optional.of(
        new PairSuspicion(
            CommonItem.first(pair),
            CommonItem.second(pair),
            trials.items(),
            trials.equalItems(),
            trials.expectedItems(),
            PairTest.log10Probability(trials.clusters(), trials.agreeing(), trials.expected())));
  }
}
