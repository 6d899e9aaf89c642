package org.rlhf4j.jobs.prepare.similar;

import static org.apache.spark.sql.functions.broadcast;
import static org.apache.spark.sql.functions.col;

import java.util.Iterator;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.spark.api.java.function.FlatMapFunction;
import org.apache.spark.api.java.function.MapPartitionsFunction;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.api.java.UDF2;
import org.apache.spark.sql.expressions.UserDefinedFunction;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.storage.StorageLevel;
import org.rlhf4j.data.similarity.MinHash;
import org.rlhf4j.data.similarity.Shingles;

/**
 * Clusters of texts that are nearly the same: connected by pairs whose sets of shingles have a
 * Jaccard index of at least {@link #LEAST_JACCARD}. Candidates come from MinHash bands; each is
 * verified on the sets themselves.
 */
public final class SimilarTexts {
  /** Finds pairs at 0.9 with a probability above 0.999, and accepts none below 0.7. */
  public static final double LEAST_JACCARD = 0.8;

  /** Up to so many candidate pairs the texts are filtered by a broadcast table, 16 MB. */
  private static final long BROADCAST_PAIRS = 1_000_000;

  private static final long PAIRS_PER_PARTITION = 100_000;

  private static final StructType UNIT =
      new StructType()
          .add("id", DataTypes.LongType, false)
          .add("scope", DataTypes.LongType, false)
          .add("key", DataTypes.StringType, false)
          .add("shingles", DataTypes.BinaryType, false);

  private static final StructType ENTRY =
      new StructType()
          .add("bucket", DataTypes.LongType, false)
          .add("sketch", DataTypes.LongType, false)
          .add("id", DataTypes.LongType, false);

  private static final StructType PAIR =
      new StructType()
          .add("left", DataTypes.LongType, false)
          .add("right", DataTypes.LongType, false);

  private static final StructType CLUSTER =
      new StructType()
          .add("id", DataTypes.LongType, false)
          .add("scope", DataTypes.LongType, false)
          .add("key", DataTypes.StringType, false)
          .add("cluster", DataTypes.LongType, false);

  private final SparkSession spark;
  private final int partitions;

  public SimilarTexts(SparkSession spark, int partitions) {
    this.spark = spark;
    this.partitions = partitions;
  }

  /** Columns of a unit, one text: id, scope, key, shingles. */
  public static StructType unitSchema() {
    return UNIT;
  }

  /**
   * One text to compare.
   *
   * @param id different for different texts
   * @param scope texts of different scopes are never compared
   * @param key comes back in the result
   * @param shingles see {@link Shingles}; a text without any is like no other
   */
  public static Row unit(long id, long scope, String key, int[] shingles) {
    return RowFactory.create(id, scope, key, ShingleBytes.write(shingles));
  }

  /**
   * @param units rows of {@link #unit}, ids distinct
   * @return (id, scope, key, cluster) of the texts that are like another one; the cluster is the
   *     least id in it
   */
  public Dataset<Row> clusters(Dataset<Row> units) {
    Dataset<Row> texts = units.persist(StorageLevel.DISK_ONLY());
    try (StoredRows pairs = new StoredRows(candidates(texts))) {
      long count = pairs.rows().count();
      return count == 0
          ? spark.createDataFrame(List.of(), CLUSTER)
          : clusters(texts, pairs.rows(), count);
    } finally {
      texts.unpersist();
    }
  }

  private Dataset<Row> clusters(Dataset<Row> texts, Dataset<Row> pairs, long count) {
    boolean isSmall = count <= BROADCAST_PAIRS;
    int parts = (int) Math.min(partitions, 1 + count / PAIRS_PER_PARTITION);
    Dataset<Row> ids =
        pairs.select(col("left").as("id")).union(pairs.select(col("right").as("id"))).distinct();
    Dataset<Row> ofPairs =
        texts.join(isSmall ? broadcast(ids) : ids, new String[] {"id"}, "left_semi");
    try (StoredRows members = new StoredRows(ofPairs);
        StoredRows components =
            new ConnectedComponents(parts).of(verified(pairs, members.rows()))) {
      Dataset<Row> clusters =
          new StoredRows(
                  components
                      .rows()
                      .join(members.rows(), "id")
                      .select("id", "scope", "key", "cluster"))
              .rows();
      clusters.count(); // before what it is made of is let go
      return clusters;
    }
  }

  private Dataset<Row> candidates(Dataset<Row> texts) {
    FlatMapFunction<Row, Row> entries = SimilarTexts::entries;
    MapPartitionsFunction<Row, Row> pairs = BucketPairs::new;
    return texts
        .flatMap(entries, Encoders.row(ENTRY))
        .repartition(partitions, col("bucket"))
        .sortWithinPartitions("bucket", "sketch", "id")
        .mapPartitions(pairs, Encoders.row(PAIR))
        .repartition(partitions, col("left"), col("right"))
        .distinct();
  }

  private static Iterator<Row> entries(Row unit) {
    int[] shingles = ShingleBytes.read(unit.getAs(3));
    if (shingles.length == 0) {
      return Stream.<Row>empty().iterator();
    }

    int[] signature = MinHash.signature(shingles);
    long sketch = MinHash.sketch(signature);
    return IntStream.range(0, MinHash.BANDS)
        .mapToObj(i -> MinHash.band(signature, i, unit.getLong(1)))
        .map(bucket -> RowFactory.create(bucket, sketch, unit.getLong(0)))
        .iterator();
  }

  private static Dataset<Row> verified(Dataset<Row> pairs, Dataset<Row> members) {
    UDF2<byte[], byte[], Boolean> isAlike =
        (left, right) ->
            Shingles.jaccard(ShingleBytes.read(left), ShingleBytes.read(right)) >= LEAST_JACCARD;
    UserDefinedFunction alike = functions.udf(isAlike, DataTypes.BooleanType);
    Dataset<Row> left = members.select(col("id").as("left"), col("shingles").as("left_shingles"));
    Dataset<Row> right =
        members.select(col("id").as("right"), col("shingles").as("right_shingles"));
    return pairs
        .join(left, "left")
        .join(right, "right")
        .filter(alike.apply(col("left_shingles"), col("right_shingles")))
        .select("left", "right");
  }
}
