package org.rlhf4j.jobs.quality;

import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/**
 * What two annotators said of one item.
 *
 * @param pair {@link #key} of the annotators, the smaller number first
 * @param cell {@link #key} of their labels, in the same order
 * @param cluster of items that are not independent
 * @param expected probability of equal labels, in units of {@link FixedPoint}
 */
record CommonItem(long pair, long cell, long cluster, long expected) {
  static final StructType SCHEMA =
      new StructType()
          .add("pair", DataTypes.LongType, false)
          .add("cell", DataTypes.LongType, false)
          .add("cluster", DataTypes.LongType, false)
          .add("expected", DataTypes.LongType, false);

  /** Two numbers in one. */
  static long key(int first, int second) {
    return (long) first << Integer.SIZE | second;
  }

  static int first(long key) {
    return (int) (key >>> Integer.SIZE);
  }

  static int second(long key) {
    return (int) key;
  }

  boolean isEqual() {
    return first(cell) == second(cell);
  }

  /** The item as {@link #SCHEMA} says. */
  Row toRow() {
    return RowFactory.create(pair, cell, cluster, expected);
  }

  static CommonItem of(Row row) {
    return new CommonItem(row.getLong(0), row.getLong(1), row.getLong(2), row.getLong(3));
  }
}
