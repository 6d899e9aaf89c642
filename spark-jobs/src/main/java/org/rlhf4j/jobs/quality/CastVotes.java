package org.rlhf4j.jobs.quality;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.collect_list;
import static org.apache.spark.sql.functions.collect_set;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.element_at;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.max;
import static org.apache.spark.sql.functions.size;
import static org.apache.spark.sql.functions.sort_array;
import static org.apache.spark.sql.functions.struct;
import static org.apache.spark.sql.functions.sum;
import static org.apache.spark.sql.functions.when;

import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * Votes by item and annotator. An annotator has one vote on an item: equal ones count once, and who
 * gave several labels to one item has none.
 */
final class CastVotes {
  private static final Column VALID = size(col("labels")).equalTo(1);

  private final Dataset<Row> cast;

  /** Rows read for the votes, by what became of them. */
  record Counts(long duplicate, long contradictory, long missing) {}

  private CastVotes(Dataset<Row> cast) {
    this.cast = cast;
  }

  /**
   * @param votes rows of {@link VoteRows#SCHEMA}
   */
  static CastVotes of(Dataset<Row> votes) {
    return new CastVotes(
        votes
            .groupBy("item", "annotator")
            .agg(
                collect_set(col("label")).as("labels"),
                count(col("label")).as("given"),
                count(lit(1)).as("rows"),
                max(col("gold")).as("gold")));
  }

  Counts counts() {
    Row sums =
        cast.agg(
                sum(when(VALID, col("given").minus(1)).otherwise(0)),
                sum(when(size(col("labels")).gt(1), col("given")).otherwise(0)),
                sum(col("rows").minus(col("given"))))
            .head();
    return sums.isNullAt(0)
        ? new Counts(0, 0, 0)
        : new Counts(sums.getLong(0), sums.getLong(1), sums.getLong(2));
  }

  JavaRDD<VotedItem> items() {
    return cast.filter(VALID)
        .groupBy("item")
        .agg(
            sort_array(collect_list(struct(col("annotator"), element_at(col("labels"), 1)))),
            max(col("gold")))
        .javaRDD()
        .map(VotedItem::fromRow);
  }
}
