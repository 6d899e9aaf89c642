package org.rlhf4j.jobs.prepare;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.length;

import java.util.stream.Stream;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.api.java.function.MapPartitionsFunction;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.rlhf4j.config.PrepareConfig.NearDuplicates;
import org.rlhf4j.data.dataset.Split;
import org.rlhf4j.data.raw.DatasetRecord;
import org.rlhf4j.data.raw.Likeness;
import org.rlhf4j.data.raw.SplitRule;
import org.rlhf4j.jobs.prepare.Candidate.Outcome;
import org.rlhf4j.jobs.prepare.similar.Clusters;
import org.rlhf4j.jobs.prepare.similar.Signature;
import org.rlhf4j.jobs.prepare.similar.SimilarTexts;
import org.rlhf4j.jobs.prepare.similar.Text;

/**
 * Finds kept rows that are nearly the same as others, and rows whose prompt is nearly one of
 * another split. Prompts are clustered first; rows are then compared within their cluster. The
 * heavy rows stay where they are: what is shuffled is hashes, and only of rows in question.
 */
final class LikeRows {
  private final JavaSparkContext context;
  private final SparkSession spark;
  private final RowIngest.Settings settings;
  private final SplitRule splits;
  private final int partitions;

  /**
   * @param partitions partitions to work in
   */
  LikeRows(SparkSession spark, RowIngest.Settings settings, SplitRule splits, int partitions) {
    this.context = JavaSparkContext.fromSparkContext(spark.sparkContext());
    this.spark = spark;
    this.settings = settings;
    this.splits = splits;
    this.partitions = partitions;
  }

  /** Kept rows that are to go; {@link Removals#SCHEMA}. */
  Dataset<Row> find(Dataset<Row> decided) {
    Dataset<Row> kept =
        decided.filter(
            col("outcome")
                .equalTo(Outcome.KEPT.name())
                .and(col("dataset").notEqual(Candidate.TREE_MESSAGE)));
    SimilarTexts texts = new SimilarTexts(spark, partitions);
    Broadcast<Clusters> prompts = context.broadcast(promptClusters(kept, texts));
    JavaRDD<Candidate> inQuestion = inQuestion(kept, prompts);
    Broadcast<Clusters> responses =
        context.broadcast(
            settings.compared() == NearDuplicates.ALL
                ? responseClusters(inQuestion, prompts, texts)
                : Clusters.NONE);
    RowIngest.Settings local = settings;
    SplitRule rule = splits;
    JavaRDD<Row> rows =
        inQuestion.mapPartitions(
            part -> {
              RowIngest ingest = local.ingest();
              return Iterators.stream(part)
                  .map(row -> likeRow(row, ingest, rule, prompts.value(), responses.value()))
                  .iterator();
            });
    return removals(spark.createDataFrame(rows, LikeRow.SCHEMA));
  }

  private static Row likeRow(
      Candidate row, RowIngest ingest, SplitRule rule, Clusters prompts, Clusters responses) {
    long cluster = prompts.of(PromptTexts.shortId(row.group()));
    Split split = rule.of(row.group());
    Likeness likeness = ingest.record(row).likeness();
    return LikeRow.of(cluster, split, row, likeness, responses).toRow();
  }

  /** Each prompt's first kept row carries its signature. */
  private Clusters promptClusters(Dataset<Row> kept, SimilarTexts texts) {
    Dataset<Row> signed = kept.filter(length(col("signature")).gt(0));
    JavaRDD<Signature> signatures =
        signed
            .select("group", "signature")
            .javaRDD()
            .map(row -> Signature.read(PromptTexts.shortId(row.getString(0)), row.getAs(1)));
    RowIngest.Settings local = settings;
    return texts.clusters(
        signatures,
        ids ->
            signed
                .javaRDD()
                .filter(row -> ids.value().contains(PromptTexts.shortId(row.getString(0))))
                .mapPartitions(
                    part -> {
                      RowIngest ingest = local.ingest();
                      return Iterators.stream(part).map(row -> prompt(row, ingest)).iterator();
                    }));
  }

  private static Text prompt(Row row, RowIngest ingest) {
    DatasetRecord record = ingest.record(Candidate.fromRow(row));
    return new Text(
        PromptTexts.shortId(row.getString(Candidate.GROUP)), PromptTexts.shingles(record));
  }

  /** Responses are compared within the cluster of their prompts. */
  private Clusters responseClusters(
      JavaRDD<Candidate> inQuestion, Broadcast<Clusters> prompts, SimilarTexts texts) {
    JavaRDD<Signature> signatures =
        responses(inQuestion, prompts)
            .filter(response -> response.shingles().length > 0)
            .map(response -> Signature.of(response.id(), response.cluster(), response.shingles()));
    return texts.clusters(
        signatures,
        ids ->
            responses(inQuestion, prompts)
                .filter(response -> ids.value().contains(response.id()))
                .map(response -> new Text(response.id(), response.shingles())));
  }

  private record Response(long id, long cluster, String text) {
    int[] shingles() {
      return PromptTexts.shingles(text);
    }
  }

  private JavaRDD<Response> responses(JavaRDD<Candidate> rows, Broadcast<Clusters> prompts) {
    RowIngest.Settings local = settings;
    return rows.mapPartitions(
        part -> {
          RowIngest ingest = local.ingest();
          return Iterators.stream(part)
              .flatMap(row -> responses(row, ingest, prompts.value()))
              .iterator();
        });
  }

  private static Stream<Response> responses(Candidate row, RowIngest ingest, Clusters prompts) {
    long cluster = prompts.of(PromptTexts.shortId(row.group()));
    return ingest.record(row).likeness().responses().stream()
        .map(text -> new Response(LikeRow.responseId(cluster, text), cluster, text));
  }

  private JavaRDD<Candidate> inQuestion(Dataset<Row> kept, Broadcast<Clusters> prompts) {
    NearDuplicates mode = settings.compared();
    return kept.javaRDD()
        .mapPartitions(rows -> new ClusteredRows(rows, prompts.value(), mode))
        .map(Candidate::fromRow);
  }

  private Dataset<Row> removals(Dataset<Row> rows) {
    MapPartitionsFunction<Row, Row> removals = Removals::new;
    return rows.repartition(partitions, col("cluster"))
        .sortWithinPartitions(
            "cluster", "split", "dataset", "judgement", "fingerprint", "file", "number")
        .mapPartitions(removals, Encoders.row(Removals.SCHEMA));
  }
}
