package org.rlhf4j.jobs.prepare.similar;

import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.function.Function;
import org.apache.spark.api.java.JavaPairRDD;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.storage.StorageLevel;
import org.rlhf4j.data.similarity.Shingles;
import scala.Tuple2;

/**
 * Clusters of texts that are nearly the same: connected by pairs whose sets of shingles have a
 * Jaccard index of at least {@link #LEAST_JACCARD}. Candidates come from MinHash bands; each is
 * verified on the sets themselves, which are made for texts with candidates only.
 */
public final class SimilarTexts {
  /** Finds pairs at 0.9 with a probability above 0.999, and accepts none below 0.7. */
  public static final double LEAST_JACCARD = 0.8;

  /** Up to so many candidate pairs, 64 MB, the driver knows them all. */
  private static final long MOST_LOCAL_PAIRS = 4_000_000;

  private static final long PAIRS_PER_PARTITION = 50_000;

  private final SparkSession spark;
  private final int partitions;
  private final long mostLocalPairs;

  public SimilarTexts(SparkSession spark, int partitions) {
    this(spark, partitions, MOST_LOCAL_PAIRS);
  }

  SimilarTexts(SparkSession spark, int partitions, long mostLocalPairs) {
    this.spark = spark;
    this.partitions = partitions;
    this.mostLocalPairs = mostLocalPairs;
  }

  /**
   * @param signatures of all texts
   * @param texts gives the texts whose ids are wanted, each at least once
   */
  public Clusters clusters(
      JavaRDD<Signature> signatures, Function<Broadcast<WantedIds>, JavaRDD<Text>> texts) {
    JavaRDD<Pair> pairs = candidates(signatures).persist(StorageLevel.MEMORY_AND_DISK());
    try {
      long count = pairs.count();
      return count == 0 ? Clusters.NONE : clusters(pairs, count, texts);
    } finally {
      pairs.unpersist(false);
    }
  }

  private Clusters clusters(
      JavaRDD<Pair> pairs, long count, Function<Broadcast<WantedIds>, JavaRDD<Text>> texts) {
    boolean isLocal = count <= mostLocalPairs;
    WantedIds wanted = isLocal ? WantedIds.of(collect(pairs)) : WantedIds.ALL;
    Broadcast<WantedIds> ids =
        JavaSparkContext.fromSparkContext(spark.sparkContext()).broadcast(wanted);
    int parts = (int) Math.min(partitions, 1 + count / PAIRS_PER_PARTITION);
    JavaPairRDD<Long, int[]> shingles = shingles(texts.apply(ids), parts);
    JavaRDD<Pair> edges = verified(pairs, shingles, parts);
    try {
      return isLocal
          ? UnionFind.of(collect(edges))
          : new ConnectedComponents(spark, parts).of(edges);
    } finally {
      shingles.unpersist(false);
      ids.destroy();
    }
  }

  private JavaRDD<Pair> candidates(JavaRDD<Signature> signatures) {
    int count = partitions;
    return signatures
        .mapPartitionsToPair(part -> new BucketEntries(part, count))
        .partitionBy(new BucketEntries.ByPartition(count))
        .values()
        .mapPartitions(BucketPairs::of)
        .distinct(count);
  }

  private static JavaPairRDD<Long, int[]> shingles(JavaRDD<Text> texts, int parts) {
    return texts
        .mapToPair(text -> new Tuple2<>(text.id(), text.shingles()))
        .reduceByKey((first, same) -> first, parts)
        .persist(StorageLevel.MEMORY_AND_DISK());
  }

  private static JavaRDD<Pair> verified(
      JavaRDD<Pair> pairs, JavaPairRDD<Long, int[]> shingles, int parts) {
    return pairs
        .mapToPair(pair -> new Tuple2<>(pair.left(), pair.right()))
        .join(shingles, parts)
        .mapToPair(row -> new Tuple2<>(row._2()._1(), new Text(row._1(), row._2()._2())))
        .join(shingles, parts)
        .filter(row -> isAlike(row._2()._1().shingles(), row._2()._2()))
        .map(row -> Pair.of(row._1(), row._2()._1().id()));
  }

  private static boolean isAlike(int[] left, int[] right) {
    return Shingles.jaccard(left, right) >= LEAST_JACCARD;
  }

  private static List<long[]> collect(JavaRDD<Pair> pairs) {
    return pairs.mapPartitions(SimilarTexts::packed).collect();
  }

  private static Iterator<long[]> packed(Iterator<Pair> pairs) {
    long[] packed = new long[64];
    int size = 0;
    while (pairs.hasNext()) {
      Pair pair = pairs.next();
      packed = size == packed.length ? Arrays.copyOf(packed, 2 * size) : packed;
      packed[size] = pair.left();
      packed[size + 1] = pair.right();
      size += 2;
    }

    return List.of(Arrays.copyOf(packed, size)).iterator();
  }
}
