package org.rlhf4j.jobs.quality;

import static org.apache.spark.sql.functions.col;

import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.function.FlatMapFunction;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.storage.StorageLevel;

/**
 * Every two annotators that have an item in common: Cohen's kappa, and whether they agree more
 * often than two people who vote on their own; see {@link PairFinding}.
 *
 * <p>The work is a row for each pair of votes on an item. Of an item with very many votes, and of
 * all items where their pairs are more than a budget, only some votes are paired: those that come
 * first by a hash of item and annotator, which prefers nobody. Then kappa is not given.
 */
final class PairAgreement implements AutoCloseable {
  /** Pairs of votes that are looked at. */
  static final long MAX_PAIRS = 200_000_000L;

  /** Votes of one item that are paired, so that a task is not one item's: 2 million pairs. */
  static final int MAX_VOTES = 2000;

  private final JavaRDD<PairFinding> findings;

  private final int replicates;

  private PairAgreement(JavaRDD<PairFinding> findings, int replicates) {
    this.findings = findings.persist(StorageLevel.MEMORY_AND_DISK());
    this.replicates = replicates;
  }

  /** Most votes of an item that may be paired. */
  static int votesPerItem(AgreementCounts counts) {
    int most = MAX_VOTES;
    while (most > 2 && counts.pairs(most) > MAX_PAIRS) {
      most--;
    }

    return most;
  }

  /**
   * @param votesPerItem paired at most
   * @param test of which pairs are suspicious
   * @param replicates behind the interval of the mean kappa
   */
  static PairAgreement of(
      SparkSession spark,
      JavaRDD<CodedItem> items,
      Broadcast<LabelFit> fit,
      int votesPerItem,
      PairTest test,
      int replicates) {
    FlatMapFunction<CodedItem, Row> pairs =
        item -> new VotePairs(item.sample(votesPerItem), fit.value());
    JavaRDD<Row> sorted =
        spark
            .createDataFrame(items.flatMap(pairs), CommonItem.SCHEMA)
            .repartition(col("pair"))
            .sortWithinPartitions("pair", "cluster")
            .javaRDD();
    return new PairAgreement(
        sorted.mapPartitions(rows -> new PairFindings(rows, test, replicates)), replicates);
  }

  /** Findings over all pairs. */
  PairTally tally() {
    return findings
        .filter(finding -> finding instanceof PairTally)
        .map(finding -> (PairTally) finding)
        .fold(new PairTally(replicates), PairTally::merge);
  }

  JavaRDD<PairSuspicion> suspicions() {
    return findings
        .filter(finding -> finding instanceof PairSuspicion)
        .map(finding -> (PairSuspicion) finding);
  }

  static double probability(long sum) {
    return sum / FixedPoint.UNIT;
  }

  @Override
  public void close() {
    findings.unpersist();
  }
}
