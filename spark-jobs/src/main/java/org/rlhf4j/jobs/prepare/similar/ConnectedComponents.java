package org.rlhf4j.jobs.prepare.similar;

import static org.apache.spark.sql.functions.col;

import java.util.List;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.function.MapPartitionsFunction;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/**
 * Connected components by large-star and small-star operations in turn until nothing changes: each
 * node ends as a neighbour of the least of its component. Rounds grow with the logarithm of the
 * longest path, and no node's neighbours have to fit into memory.
 *
 * <p>Kiveris, Lattanzi, Mirrokni, Rastogi, Vassilvitskii 2014, "Connected Components in MapReduce
 * and Beyond".
 */
final class ConnectedComponents {
  private static final StructType LINK =
      new StructType()
          .add("node", DataTypes.LongType, false)
          .add("parent", DataTypes.LongType, false);

  private final SparkSession spark;
  private final int partitions;

  ConnectedComponents(SparkSession spark, int partitions) {
    this.spark = spark;
    this.partitions = partitions;
  }

  /** Every node with an edge in its component, named by the least node. */
  Clusters of(JavaRDD<Pair> edges) {
    JavaRDD<Row> upward = edges.map(pair -> RowFactory.create(pair.right(), pair.left()));
    StoredRows links = new StoredRows(spark.createDataFrame(upward, LINK).distinct());
    Row state = state(links.rows());
    while (true) {
      StoredRows next = new StoredRows(smallStar(largeStar(links.rows())));
      Row nextState = state(next.rows());
      links.close();
      links = next;
      if (nextState.equals(state)) {
        return components(links);
      }

      state = nextState;
    }
  }

  private static Clusters components(StoredRows links) {
    try (links) {
      Dataset<Row> parents =
          links.rows().select(col("parent").as("id"), col("parent").as("cluster"));
      List<Row> rows =
          links
              .rows()
              .select(col("node").as("id"), col("parent").as("cluster"))
              .union(parents)
              .distinct()
              .sort("id")
              .collectAsList();
      return new Clusters(
          rows.stream().mapToLong(row -> row.getLong(0)).toArray(),
          rows.stream().mapToLong(row -> row.getLong(1)).toArray());
    }
  }

  private Dataset<Row> largeStar(Dataset<Row> links) {
    Dataset<Row> bothWays =
        links.union(links.select(col("parent").as("node"), col("node").as("parent")));
    return stars(bothWays, Stars.Kind.LARGE);
  }

  private Dataset<Row> smallStar(Dataset<Row> links) {
    return stars(links, Stars.Kind.SMALL);
  }

  private Dataset<Row> stars(Dataset<Row> links, Stars.Kind kind) {
    MapPartitionsFunction<Row, Row> stars = rows -> new Stars(rows, kind);
    return links
        .repartition(partitions, col("node"))
        .sortWithinPartitions("node", "parent")
        .mapPartitions(stars, Encoders.row(LINK))
        .repartition(partitions, col("node"), col("parent"))
        .distinct();
  }

  /** Number of links and a hash of their set, which does not depend on their order. */
  private static Row state(Dataset<Row> links) {
    return links
        .agg(functions.count("*"), functions.expr("bit_xor(xxhash64(node, parent))"))
        .first();
  }
}
