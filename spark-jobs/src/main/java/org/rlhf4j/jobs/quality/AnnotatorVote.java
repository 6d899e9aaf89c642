package org.rlhf4j.jobs.quality;

import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/**
 * One vote of an annotator.
 *
 * @param time milliseconds since 1970 or {@link CodedItem#NO_TIME}
 * @param cluster of items that are not independent
 * @param others votes of others on the item
 * @param agreeing those among them that are equal
 * @param gold 1 if the label is right, 0 if not, or {@link CodedItem#UNKNOWN}
 * @param right probability that the label is right, in units of {@link FixedPoint}
 * @param residual of {@link OtherVotes#residual}, in units of {@link FixedPoint}; 0 without others
 */
record AnnotatorVote(
    int annotator,
    long time,
    long cluster,
    int others,
    int agreeing,
    int gold,
    long right,
    long residual) {
  static final StructType SCHEMA =
      new StructType()
          .add("annotator", DataTypes.IntegerType, false)
          .add("time", DataTypes.LongType, false)
          .add("cluster", DataTypes.LongType, false)
          .add("others", DataTypes.IntegerType, false)
          .add("agreeing", DataTypes.IntegerType, false)
          .add("gold", DataTypes.IntegerType, false)
          .add("right", DataTypes.LongType, false)
          .add("residual", DataTypes.LongType, false);

  /** The vote as {@link #SCHEMA} says. */
  Row toRow() {
    return RowFactory.create(annotator, time, cluster, others, agreeing, gold, right, residual);
  }

  static AnnotatorVote of(Row row) {
    return new AnnotatorVote(
        row.getInt(0),
        row.getLong(1),
        row.getLong(2),
        row.getInt(3),
        row.getInt(4),
        row.getInt(5),
        row.getLong(6),
        row.getLong(7));
  }
}
