package org.rlhf4j.jobs.prepare;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.udf;

import java.util.Arrays;
import java.util.List;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.api.java.UDF3;
import org.apache.spark.sql.types.DataTypes;
import org.rlhf4j.data.similarity.Hashes;

/**
 * Kept rows that are to go all the same, by a hash of where they stand: 8 bytes a row, so that
 * every task can have them. Ten million rows share one with a removed row once in 200,000 times.
 */
final class RemovedRows {
  private RemovedRows() {}

  /** Which rows of {@link Candidate#SCHEMA} are to go if nothing is removed: none. */
  static Column none() {
    return lit(false);
  }

  /**
   * Which rows of {@link Candidate#SCHEMA} are to go.
   *
   * @param removals rows of {@link Removals#SCHEMA}
   */
  static Column of(Dataset<Row> removals) {
    JavaSparkContext context =
        JavaSparkContext.fromSparkContext(removals.sparkSession().sparkContext());
    List<Long> places =
        removals
            .select("file", "number", "is_derived")
            .javaRDD()
            .map(row -> place(row.getString(0), row.getLong(1), row.getBoolean(2)))
            .collect();
    long[] sorted = places.stream().mapToLong(Long::longValue).sorted().toArray();
    Broadcast<long[]> removed = context.broadcast(sorted);
    UDF3<String, Long, Boolean, Boolean> isRemoved =
        (file, number, isDerived) ->
            Arrays.binarySearch(removed.value(), place(file, number, isDerived)) >= 0;
    return udf(isRemoved, DataTypes.BooleanType)
        .apply(col("file"), col("number"), col("is_derived"));
  }

  private static long place(String file, long number, boolean isDerived) {
    return Hashes.append(Hashes.of(file), 2 * number + (isDerived ? 1 : 0));
  }
}
