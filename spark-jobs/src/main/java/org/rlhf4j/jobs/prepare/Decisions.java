package org.rlhf4j.jobs.prepare;

import java.util.Iterator;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.function.MapPartitionsFunction;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.functions;
import org.rlhf4j.jobs.dataset.RawRow;

/** Brings rows together that have to be compared, and decides about each of them. */
final class Decisions {
  private final SparkSession spark;
  private final RowIngest.Settings settings;
  private final int partitions;

  Decisions(SparkSession spark, RowIngest.Settings settings, int partitions) {
    this.spark = spark;
    this.settings = settings;
    this.partitions = partitions;
  }

  /** Every raw row with its outcome, and rankings derived from trees; {@link Candidate#SCHEMA}. */
  Dataset<Row> decide(JavaRDD<RawRow> rows, boolean mayHoldTreeMessages) {
    Dataset<Row> candidates = mayHoldTreeMessages ? withTrees(rows) : candidates(rows);
    MapPartitionsFunction<Row, Row> decide = DecidedRows::new;
    return grouped(candidates).mapPartitions(decide, Encoders.row(Candidate.SCHEMA));
  }

  private Dataset<Row> withTrees(JavaRDD<RawRow> rows) {
    RowIngest.Settings local = settings;
    MapPartitionsFunction<Row, Row> resolve =
        partition -> new Groups(partition, new TreeResolver(local.ingest())::resolve);
    Dataset<Row> messages =
        grouped(candidates(rows.filter(InputScan::mayBeTreeMessage)))
            .mapPartitions(resolve, Encoders.row(Candidate.SCHEMA));
    return candidates(rows.filter(row -> !InputScan.mayBeTreeMessage(row))).union(messages);
  }

  private Dataset<Row> candidates(JavaRDD<RawRow> rows) {
    RowIngest.Settings local = settings;
    JavaRDD<Row> candidates =
        rows.mapPartitions(partition -> candidates(partition, local.ingest()));
    return spark.createDataFrame(candidates, Candidate.SCHEMA);
  }

  private static Iterator<Row> candidates(Iterator<RawRow> rows, RowIngest ingest) {
    return Iterators.stream(rows).map(row -> ingest.candidate(row).toRow()).iterator();
  }

  private Dataset<Row> grouped(Dataset<Row> candidates) {
    return candidates
        .repartition(partitions, functions.col("group"))
        .sortWithinPartitions("group", "dataset", "key", "fingerprint", "file", "number");
  }
}
