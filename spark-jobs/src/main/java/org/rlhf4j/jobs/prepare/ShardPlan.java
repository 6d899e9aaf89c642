package org.rlhf4j.jobs.prepare;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.element_at;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.pmod;
import static org.apache.spark.sql.functions.sum;
import static org.apache.spark.sql.functions.xxhash64;

import java.util.Arrays;
import java.util.Comparator;
import java.util.PriorityQueue;
import java.util.stream.IntStream;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.unsafe.hash.Murmur3_x86_32;

/**
 * Which shard the rows of each prompt go to, so that all shards are nearly equally long. Prompts
 * fall into buckets by a hash of their id and the seed; whole buckets go, the longest first, to the
 * shard that is shortest so far (longest processing time first [1]). A function of the rows and the
 * seed alone: neither files nor partitions of the input matter.
 *
 * <p>[1] Graham, Bounds on multiprocessing timing anomalies, 1969
 */
final class ShardPlan {
  private static final int BUCKETS_PER_SHARD = 64;
  private static final int SPARK_HASH_SEED = 42; // of repartition by a column
  private static final String SHARD = "shard";
  private static final String PLACE = "place";

  private final long seed;
  private final int[] shardOfBucket;
  private final long[] lengths;

  private ShardPlan(long seed, int[] shardOfBucket, long[] lengths) {
    this.seed = seed;
    this.shardOfBucket = shardOfBucket;
    this.lengths = lengths;
  }

  /** One pass over rows of {@link Candidate#SCHEMA}. */
  static ShardPlan of(Dataset<Row> rows, int shards, long seed) {
    long[] lengths = new long[shards == 1 ? 1 : shards * BUCKETS_PER_SHARD];
    rows.groupBy(bucket(seed, lengths.length))
        .agg(sum("length"))
        .collectAsList()
        .forEach(bucket -> lengths[(int) bucket.getLong(0)] = bucket.getLong(1));
    return of(lengths, shards, seed);
  }

  /**
   * @param bucketLengths [buckets]
   */
  static ShardPlan of(long[] bucketLengths, int shards, long seed) {
    long[] lengths = new long[shards];
    PriorityQueue<Integer> shortestFirst =
        new PriorityQueue<>(
            Comparator.<Integer>comparingLong(shard -> lengths[shard])
                .thenComparing(Comparator.naturalOrder()));
    IntStream.range(0, shards).forEach(shortestFirst::add);
    int[] shardOfBucket = new int[bucketLengths.length];
    for (int bucket : longestFirst(bucketLengths)) {
      int shard = shortestFirst.remove();
      shardOfBucket[bucket] = shard;
      lengths[shard] += bucketLengths[bucket];
      shortestFirst.add(shard);
    }

    return new ShardPlan(seed, shardOfBucket, lengths);
  }

  private static int[] longestFirst(long[] lengths) {
    return IntStream.range(0, lengths.length)
        .boxed()
        .sorted(
            Comparator.<Integer>comparingLong(bucket -> -lengths[bucket])
                .thenComparing(Comparator.naturalOrder()))
        .mapToInt(Integer::intValue)
        .toArray();
  }

  /** What each shard holds, as {@link Candidate#length} counts, [shards]. */
  long[] lengths() {
    return lengths.clone();
  }

  /**
   * The rows, a partition for each shard. In it prompts stand in the order of their hashes, and the
   * rows of each in an order of their own.
   */
  Dataset<Row> shard(Dataset<Row> rows) {
    int[] keys = partitionKeys(lengths.length);
    int[] keyOfBucket = Arrays.stream(shardOfBucket).map(shard -> keys[shard]).toArray();
    Column number = bucket(seed, keyOfBucket.length).plus(1).cast("int");
    return rows.withColumn(SHARD, element_at(lit(keyOfBucket), number))
        .withColumn(PLACE, place(seed))
        .repartition(lengths.length, col(SHARD))
        .sortWithinPartitions(PLACE, "group", "key", "fingerprint", "file", "number")
        .drop(SHARD, PLACE);
  }

  private static Column place(long seed) {
    return xxhash64(col("group"), lit(seed));
  }

  private static Column bucket(long seed, int buckets) {
    return pmod(place(seed), lit((long) buckets));
  }

  /** For each partition a number that Spark's {@code repartition} by a column sends there. */
  private static int[] partitionKeys(int partitions) {
    int[] keys = new int[partitions];
    boolean[] isFound = new boolean[partitions];
    int found = 0;
    for (int key = 0; found < partitions; key++) {
      int partition = Math.floorMod(Murmur3_x86_32.hashInt(key, SPARK_HASH_SEED), partitions);
      if (!isFound[partition]) {
        isFound[partition] = true;
        keys[partition] = key;
        found++;
      }
    }

    return keys;
  }
}
