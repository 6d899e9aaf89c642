package org.rlhf4j.jobs.quality;

import static org.apache.spark.sql.functions.col;
import static org.rlhf4j.jobs.JobException.badInput;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.apache.spark.api.java.JavaPairRDD;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.storage.StorageLevel;
import scala.Tuple2;

/**
 * Votes by item and annotator. An annotator has one vote on an item: equal ones count once, and who
 * gave several labels to one item has none. Annotators and labels get numbers in the order of their
 * names, so that the numbers depend on the votes alone.
 *
 * <p>The rows are shuffled once, by item; a second pass over the shuffled files puts the numbers in
 * the place of the names.
 */
final class CastVotes implements AutoCloseable {
  private static final int MAX_LABELS = 1_000_000;

  /** First letters of the keys of the tally, before the name itself. */
  private static final char ANNOTATOR = 'a';

  private static final char LABEL = 'l';
  private static final char COUNT = 'c';

  private static final String DUPLICATE = COUNT + "duplicate";
  private static final String CONTRADICTORY = COUNT + "contradictory";
  private static final String MISSING = COUNT + "missing";
  private static final String GOLD = COUNT + "gold";

  private final JavaSparkContext context;
  private final JavaRDD<CastItem> cast;
  private final JavaPairRDD<String, Long> tally;
  private final Names labels;
  private final Names annotators;
  private final Set<String> experts;

  /** Rows read for the votes, by what became of them. */
  record Counts(long duplicate, long contradictory, long missing, long gold) {}

  private CastVotes(JavaSparkContext context, JavaRDD<CastItem> cast, Collection<String> experts) {
    this.context = context;
    this.cast = cast;
    this.experts = new TreeSet<>(experts);
    this.tally =
        cast.flatMapToPair(item -> tally(item).iterator())
            .reduceByKey(Long::sum)
            .persist(StorageLevel.MEMORY_AND_DISK());
    this.labels = new Names(names(LABEL).take(MAX_LABELS + 1));
    if (labels.size() > MAX_LABELS) {
      throw badInput(
          "The votes have more than %d different labels; give categories or grades as label.",
          MAX_LABELS);
    }

    this.annotators = new Names(names(ANNOTATOR).collect());
    for (String expert : this.experts) {
      if (annotators.number(expert, CodedItem.UNKNOWN) == CodedItem.UNKNOWN) {
        throw badInput("The expert %s has no vote in the input; correct quality.experts.", expert);
      }
    }
  }

  /**
   * @param votes rows of {@link VoteRows#SCHEMA}; what is computed here is kept until {@link
   *     #close}
   * @param experts annotators whose votes are right
   */
  static CastVotes of(JavaSparkContext context, Dataset<Row> votes, Collection<String> experts) {
    JavaRDD<Row> byItem =
        votes
            .repartition(col("item"))
            .sortWithinPartitions(
                "item", "annotator", "label", "time", "choice", "position", "longer")
            .javaRDD();
    return new CastVotes(context, byItem.mapPartitions(CastItems::new), experts);
  }

  private static List<Tuple2<String, Long>> tally(CastItem item) {
    List<Tuple2<String, Long>> tally = new ArrayList<>(2 * item.votes().size());
    for (CastItem.CastVote vote : item.votes()) {
      tally.add(new Tuple2<>(ANNOTATOR + vote.annotator(), 1L));
      tally.add(new Tuple2<>(LABEL + vote.label(), 1L));
    }

    addCount(tally, DUPLICATE, item.duplicate());
    addCount(tally, CONTRADICTORY, item.contradictory());
    addCount(tally, MISSING, item.missing());
    addCount(tally, GOLD, item.goldRows());
    return tally;
  }

  private static void addCount(List<Tuple2<String, Long>> tally, String name, long count) {
    if (count > 0) {
      tally.add(new Tuple2<>(name, count));
    }
  }

  private JavaRDD<String> names(char kind) {
    return tally.keys().filter(key -> key.charAt(0) == kind).map(key -> key.substring(1));
  }

  Counts counts() {
    Map<String, Long> counts =
        tally.filter(count -> count._1().charAt(0) == COUNT).collectAsMap(); // four at most
    return new Counts(
        counts.getOrDefault(DUPLICATE, 0L),
        counts.getOrDefault(CONTRADICTORY, 0L),
        counts.getOrDefault(MISSING, 0L),
        counts.getOrDefault(GOLD, 0L));
  }

  /** Labels in use, in order; the position is a label's number. */
  Names labels() {
    return labels;
  }

  /** Annotators with a vote, in order; the position is an annotator's number. */
  Names annotators() {
    return annotators;
  }

  /** Items with a vote. */
  JavaRDD<CodedItem> items() {
    Broadcast<Names> knownAnnotators = context.broadcast(annotators);
    Broadcast<Names> knownLabels = context.broadcast(labels);
    Set<String> known = experts;
    return cast.filter(item -> !item.votes().isEmpty())
        .map(item -> item.coded(knownAnnotators.value(), knownLabels.value(), known));
  }

  @Override
  public void close() {
    tally.unpersist();
  }
}
