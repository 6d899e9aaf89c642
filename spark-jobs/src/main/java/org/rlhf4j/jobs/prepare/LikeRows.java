package org.rlhf4j.jobs.prepare;

import static org.apache.spark.sql.functions.col;

import java.io.Serializable;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.function.MapPartitionsFunction;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.StructType;
import org.rlhf4j.config.PrepareConfig.NearDuplicates;
import org.rlhf4j.data.raw.SplitRule;
import org.rlhf4j.jobs.prepare.Candidate.Outcome;
import org.rlhf4j.jobs.prepare.similar.SimilarTexts;

/**
 * Finds kept rows that are nearly the same as others, and rows whose prompt is nearly one of
 * another split. Prompts are clustered first; rows are then compared within their cluster. The
 * heavy rows stay where they are: what is shuffled is hashes, and only of rows in question.
 */
final class LikeRows {
  private static final int OUTCOME = Candidate.SCHEMA.fieldIndex("outcome");

  private final SparkSession spark;
  private final RowIngest.Settings settings;
  private final SplitRule splits;
  private final NearDuplicates compared;
  private final int shards;

  /** Rows made from a kept row in its cluster. */
  @FunctionalInterface
  private interface RowMaker extends Serializable {
    Stream<Row> rows(long cluster, Candidate candidate, RowIngest ingest);
  }

  /**
   * @param shards partitions of the decided rows, which are partitioned by group
   */
  LikeRows(
      SparkSession spark,
      RowIngest.Settings settings,
      SplitRule splits,
      NearDuplicates compared,
      int shards) {
    this.spark = spark;
    this.settings = settings;
    this.splits = splits;
    this.compared = compared;
    this.shards = shards;
  }

  /** Kept rows that are to go; {@link Removals#SCHEMA}. */
  Dataset<Row> find(Dataset<Row> decided) {
    Dataset<Row> kept =
        decided.filter(
            col("outcome")
                .equalTo(Outcome.KEPT.name())
                .and(col("dataset").notEqual(Candidate.TREE_MESSAGE)));
    SimilarTexts texts = new SimilarTexts(spark, shards);
    RowIngest.Settings local = settings;
    MapPartitionsFunction<Row, Row> prompts = rows -> PromptUnits.of(rows, local.ingest());
    Dataset<Row> clusters =
        texts.clusters(kept.mapPartitions(prompts, Encoders.row(SimilarTexts.unitSchema())));

    SplitRule rule = splits;
    Dataset<Row> rows =
        inClusters(
            kept,
            clusters,
            LikeRow.SCHEMA,
            (cluster, candidate, ingest) ->
                Stream.of(
                    LikeRow.of(
                        cluster, rule.of(candidate.group()), candidate, ingest.record(candidate))));
    return removals(
        compared == NearDuplicates.ALL ? rows.union(likeResponses(kept, clusters, texts)) : rows);
  }

  /** The decided rows with the outcome of those that are to go. */
  Dataset<Row> remove(Dataset<Row> decided, Dataset<Row> removals) {
    JavaRDD<Row> rows =
        decided
            .javaRDD()
            .zipPartitions(byGroup(removals), (all, gone) -> withOutcomes(all, outcomes(gone)));
    return spark.createDataFrame(rows, Candidate.SCHEMA);
  }

  private Dataset<Row> likeResponses(Dataset<Row> kept, Dataset<Row> clusters, SimilarTexts texts) {
    Dataset<Row> units =
        inClusters(
            kept,
            clusters,
            SimilarTexts.unitSchema(),
            (cluster, candidate, ingest) ->
                LikeRow.responseUnits(cluster, ingest.record(candidate)));
    Dataset<Row> responses =
        texts.clusters(units.repartition(shards, col("id")).dropDuplicates("id"));
    return spark.createDataFrame(
        responses
            .javaRDD()
            .map(row -> LikeRow.ofResponse(row.getLong(1), row.getLong(0), row.getLong(3))),
        LikeRow.SCHEMA);
  }

  private Dataset<Row> removals(Dataset<Row> rows) {
    MapPartitionsFunction<Row, Row> judgements = Judgements::new;
    MapPartitionsFunction<Row, Row> removals = Removals::new;
    return rows.repartition(shards, col("cluster"))
        .sortWithinPartitions("cluster", "is_row")
        .mapPartitions(judgements, Encoders.row(LikeRow.SCHEMA))
        .sortWithinPartitions(
            "cluster", "split", "dataset", "judgement", "fingerprint", "file", "number")
        .mapPartitions(removals, Encoders.row(Removals.SCHEMA));
  }

  /** Rows made of the kept rows that may be like others. */
  private Dataset<Row> inClusters(
      Dataset<Row> kept, Dataset<Row> clusters, StructType schema, RowMaker maker) {
    RowIngest.Settings local = settings;
    NearDuplicates mode = compared;
    Dataset<Row> groups = clusters.select(col("key").as("group"), col("cluster"));
    JavaRDD<Row> rows =
        kept.javaRDD()
            .zipPartitions(
                byGroup(groups),
                (all, ofPartition) ->
                    made(all, clusters(ofPartition), mode, local.ingest(), maker));
    return spark.createDataFrame(rows, schema);
  }

  private static Iterator<Row> made(
      Iterator<Row> rows,
      Map<String, Long> clusters,
      NearDuplicates mode,
      RowIngest ingest,
      RowMaker maker) {
    return Iterators.stream(new ClusteredRows(rows, clusters, mode))
        .map(Candidate::fromRow)
        .flatMap(
            candidate ->
                maker.rows(ClusteredRows.cluster(candidate.group(), clusters), candidate, ingest))
        .iterator();
  }

  /** In the partitions of the decided rows. */
  private JavaRDD<Row> byGroup(Dataset<Row> rows) {
    return rows.repartition(shards, functions.col("group")).javaRDD();
  }

  private static Map<String, Long> clusters(Iterator<Row> rows) {
    Map<String, Long> clusters = new HashMap<>();
    rows.forEachRemaining(row -> clusters.put(row.getString(0), row.getLong(1)));
    return clusters;
  }

  private static Map<List<Object>, String> outcomes(Iterator<Row> removals) {
    Map<List<Object>, String> outcomes = new HashMap<>();
    removals.forEachRemaining(
        row ->
            outcomes.put(
                List.of(row.getString(1), row.getLong(2), row.getBoolean(3)), row.getString(4)));
    return outcomes;
  }

  private static Iterator<Row> withOutcomes(
      Iterator<Row> rows, Map<List<Object>, String> outcomes) {
    return outcomes.isEmpty()
        ? rows
        : Iterators.stream(rows).map(row -> withOutcome(row, outcomes)).iterator();
  }

  private static Row withOutcome(Row row, Map<List<Object>, String> outcomes) {
    String outcome = outcomes.get(List.of(row.getString(4), row.getLong(5), row.getBoolean(8)));
    if (outcome == null) {
      return row;
    }

    Object[] values = new Object[row.size()];
    for (int i = 0; i < values.length; i++) {
      values[i] = row.get(i);
    }

    values[OUTCOME] = outcome;
    return RowFactory.create(values);
  }
}
