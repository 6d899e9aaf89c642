package org.rlhf4j.jobs.quality;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.collect_list;
import static org.apache.spark.sql.functions.collect_set;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.element_at;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.max;
import static org.apache.spark.sql.functions.min;
import static org.apache.spark.sql.functions.size;
import static org.apache.spark.sql.functions.sort_array;
import static org.apache.spark.sql.functions.struct;
import static org.apache.spark.sql.functions.sum;
import static org.apache.spark.sql.functions.when;
import static org.rlhf4j.jobs.JobException.badInput;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.spark.api.java.JavaPairRDD;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.storage.StorageLevel;
import scala.Tuple2;

/**
 * Votes by item and annotator. An annotator has one vote on an item: equal ones count once, and who
 * gave several labels to one item has none. Annotators and labels get numbers in the order of their
 * names, so that the numbers depend on the votes alone.
 */
final class CastVotes implements AutoCloseable {
  private static final Column VALID = size(col("labels")).equalTo(1);
  private static final int MAX_LABELS = 1_000_000;

  private static final StructType NUMBERED =
      new StructType()
          .add("name", DataTypes.StringType, false)
          .add("number", DataTypes.LongType, false);

  private final Dataset<Row> cast;
  private final JavaPairRDD<String, Long> annotators;
  private final List<String> labels;

  /** Rows read for the votes, by what became of them. */
  record Counts(long duplicate, long contradictory, long missing) {}

  private CastVotes(Dataset<Row> cast) {
    this.cast = cast;
    this.annotators =
        cast.filter(VALID)
            .select("annotator")
            .distinct()
            .javaRDD()
            .map(row -> row.getString(0))
            .sortBy(name -> name, true, cast.sparkSession().sparkContext().defaultParallelism())
            .zipWithIndex()
            .persist(StorageLevel.MEMORY_AND_DISK());
    this.labels =
        cast
            .filter(VALID)
            .select(element_at(col("labels"), 1).as("label"))
            .distinct()
            .limit(MAX_LABELS + 1)
            .collectAsList()
            .stream()
            .map(row -> row.getString(0))
            .sorted()
            .toList();
    if (labels.size() > MAX_LABELS) {
      throw badInput(
          "The votes have more than %d different labels; give categories or grades as label.",
          MAX_LABELS);
    }
  }

  /**
   * @param votes rows of {@link VoteRows#SCHEMA}; what is computed here is kept until {@link
   *     #close}
   */
  static CastVotes of(Dataset<Row> votes) {
    Column detail = struct(col("time"), col("choice"), col("position"), col("longer"));
    return new CastVotes(
        votes
            .groupBy("item", "annotator")
            .agg(
                collect_set(col("label")).as("labels"),
                count(col("label")).as("given"),
                count(lit(1)).as("rows"),
                max(col("gold")).as("gold"),
                min(when(col("label").isNotNull(), detail)).as("detail"),
                max(contest()).as("contest"))
            .persist(StorageLevel.MEMORY_AND_DISK()));
  }

  private static Column contest() {
    Column contest = struct(col("group"), col("left"), col("right"));
    return when(col("left").isNotNull(), contest);
  }

  Counts counts() {
    Row sums =
        cast.agg(
                sum(when(VALID, col("given").minus(1)).otherwise(0)),
                sum(when(size(col("labels")).gt(1), col("given")).otherwise(0)),
                sum(col("rows").minus(col("given"))))
            .head();
    return sums.isNullAt(0)
        ? new Counts(0, 0, 0)
        : new Counts(sums.getLong(0), sums.getLong(1), sums.getLong(2));
  }

  /** Labels in use, in order; the position is a label's number. */
  List<String> labels() {
    return labels;
  }

  /** Annotators with a vote and their numbers from 0. */
  JavaPairRDD<Integer, String> annotators() {
    return annotators.mapToPair(pair -> new Tuple2<>((int) (long) pair._2(), pair._1()));
  }

  JavaRDD<CodedItem> items() {
    Dataset<Row> numbers =
        cast.sparkSession()
            .createDataFrame(
                annotators.map(pair -> RowFactory.create(pair._1(), pair._2())), NUMBERED);
    Column vote =
        struct(
            col("number"),
            element_at(col("labels"), 1),
            col("detail.time"),
            col("detail.choice"),
            col("detail.position"),
            col("detail.longer"));
    Map<String, Integer> labelNumbers = new HashMap<>();
    for (String label : labels) {
      labelNumbers.put(label, labelNumbers.size());
    }

    Broadcast<Map<String, Integer>> known =
        JavaSparkContext.fromSparkContext(cast.sparkSession().sparkContext())
            .broadcast(labelNumbers);
    return cast.filter(VALID)
        .join(numbers, col("annotator").equalTo(col("name")))
        .groupBy("item")
        .agg(sort_array(collect_list(vote)), max(col("gold")), max(col("contest")))
        .javaRDD()
        .map(row -> CodedItem.of(row, known.value()));
  }

  @Override
  public void close() {
    annotators.unpersist();
    cast.unpersist();
  }
}
