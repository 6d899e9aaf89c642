package org.rlhf4j.jobs.prepare;

import java.io.Serializable;
import java.util.Arrays;
import java.util.List;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.rlhf4j.data.similarity.Hashes;

/**
 * Kept rows that are to go all the same, by a hash of where they stand: 8 bytes a row, so that
 * every task can have them. Ten million rows share one with a removed row once in 200,000 times.
 */
@FunctionalInterface
interface RemovedRows extends Serializable {
  /** Nothing is removed. */
  RemovedRows NONE = row -> false;

  /** Whether a row of {@link Candidate#SCHEMA} is to go. */
  boolean contains(Row row);

  /**
   * @param removals rows of {@link Removals#SCHEMA}
   */
  static RemovedRows of(Dataset<Row> removals) {
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
    return row -> Arrays.binarySearch(removed.value(), place(row)) >= 0;
  }

  private static long place(Row row) {
    return place(
        row.getString(Candidate.FILE),
        row.getLong(Candidate.NUMBER),
        row.getBoolean(Candidate.IS_DERIVED));
  }

  private static long place(String file, long number, boolean isDerived) {
    return Hashes.append(Hashes.of(file), 2 * number + (isDerived ? 1 : 0));
  }
}
