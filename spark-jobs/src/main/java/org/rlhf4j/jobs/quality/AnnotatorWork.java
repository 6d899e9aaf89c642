package org.rlhf4j.jobs.quality;

import static org.apache.spark.sql.functions.col;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.function.FlatMapFunction;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/**
 * What each annotator did: one shuffle that puts the votes of an annotator together, in the order
 * of time. A task holds sums of one annotator, however many votes there are.
 */
final class AnnotatorWork {
  private AnnotatorWork() {}

  /** One row for each annotator. */
  static JavaRDD<AnnotatorSummary> of(
      SparkSession spark,
      JavaRDD<CodedItem> items,
      Broadcast<LabelFit> fit,
      double smoothing,
      int replicates) {
    FlatMapFunction<CodedItem, Row> votes = item -> votes(item, fit.value());
    return spark
        .createDataFrame(items.flatMap(votes), AnnotatorVote.SCHEMA)
        .repartition(col("annotator"))
        .sortWithinPartitions("annotator", "time", "cluster")
        .javaRDD()
        .mapPartitions(rows -> new AnnotatorSummaries(rows, smoothing, replicates));
  }

  private static Iterator<Row> votes(CodedItem item, LabelFit fit) {
    Posterior posterior = fit.posterior(item);
    OtherVotes others = fit.others(item);
    int[] histogram = item.histogram();
    List<Row> votes = new ArrayList<>(item.votes());
    for (int v = 0; v < item.votes(); v++) {
      int label = item.labels()[v];
      double residual = item.votes() > 1 ? others.residual(v) : 0;
      int isRight = label == item.golds()[v] ? 1 : 0;
      votes.add(
          new AnnotatorVote(
                  item.annotators()[v],
                  item.times()[v],
                  item.key(),
                  item.votes() - 1,
                  CodedItem.votesFor(label, histogram) - 1,
                  item.golds()[v] == CodedItem.UNKNOWN ? CodedItem.UNKNOWN : isRight,
                  Math.round(posterior.of(label) * FixedPoint.UNIT),
                  Math.round(residual * FixedPoint.UNIT))
              .toRow());
    }

    return votes.iterator();
  }
}
