package org.rlhf4j.jobs.quality;

import static org.apache.spark.sql.functions.col;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.function.FlatMapFunction;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.storage.StorageLevel;

/**
 * Every two annotators that have an item in common: Cohen's kappa, and whether they agree more
 * often than two people who vote on their own; see {@link PairFinding}.
 *
 * <p>The work is a row for each pair of votes on an item. Where these are more than a budget, only
 * so many votes of each item are paired that they keep to it: those that come first by a hash of
 * item and annotator, which prefers nobody. Then kappa is not given.
 */
final class PairAgreement implements AutoCloseable {
  /** Pairs of votes that are looked at. */
  static final long MAX_PAIRS = 200_000_000L;

  private static final double UNIT = 0x1p32;

  private static final StructType PAIRS =
      new StructType()
          .add("pair", DataTypes.LongType, false)
          .add("cell", DataTypes.LongType, false)
          .add("expected", DataTypes.LongType, false);

  private final JavaRDD<PairFinding> findings;

  private PairAgreement(JavaRDD<PairFinding> findings) {
    this.findings = findings.persist(StorageLevel.MEMORY_AND_DISK());
  }

  /**
   * @param votesPerItem paired at most
   * @param level probability of a chance finding among all pairs
   */
  static PairAgreement of(
      SparkSession spark,
      JavaRDD<CodedItem> items,
      Broadcast<LabelFit> fit,
      int votesPerItem,
      PairTest test) {
    FlatMapFunction<CodedItem, Row> pairs = item -> pairsOn(item.sample(votesPerItem), fit.value());
    JavaRDD<Row> sorted =
        spark
            .createDataFrame(items.flatMap(pairs), PAIRS)
            .repartition(col("pair"))
            .sortWithinPartitions("pair")
            .javaRDD();
    return new PairAgreement(sorted.mapPartitions(rows -> new PairFindings(rows, test)));
  }

  /** Findings over all pairs. */
  PairTally tally() {
    return findings
        .filter(finding -> finding instanceof PairTally)
        .map(finding -> (PairTally) finding)
        .fold(new PairTally(), PairTally::merge);
  }

  JavaRDD<PairSuspicion> suspicions() {
    return findings
        .filter(finding -> finding instanceof PairSuspicion)
        .map(finding -> (PairSuspicion) finding);
  }

  private static Iterator<Row> pairsOn(CodedItem item, LabelFit fit) {
    OtherVotes others = fit.others(item);
    List<Row> pairs = new ArrayList<>(item.votes() * (item.votes() - 1) / 2);
    for (int i = 0; i < item.votes(); i++) {
      for (int j = i + 1; j < item.votes(); j++) {
        boolean isOrdered = item.annotators()[i] < item.annotators()[j];
        int first = isOrdered ? i : j;
        int second = isOrdered ? j : i;
        pairs.add(
            RowFactory.create(
                key(item.annotators()[first], item.annotators()[second]),
                key(item.labels()[first], item.labels()[second]),
                Math.round(others.agreement(i, j) * UNIT)));
      }
    }

    return pairs.iterator();
  }

  static long key(int first, int second) {
    return (long) first << Integer.SIZE | second;
  }

  static int first(long key) {
    return (int) (key >>> Integer.SIZE);
  }

  static int second(long key) {
    return (int) key;
  }

  static double probability(long sum) {
    return sum / UNIT;
  }

  @Override
  public void close() {
    findings.unpersist();
  }
}
