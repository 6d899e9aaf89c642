package org.rlhf4j.jobs.quality;

import static org.apache.spark.sql.functions.col;
import static org.rlhf4j.jobs.JobException.badInput;

import java.io.Serializable;
import java.util.Collection;
import java.util.Set;
import java.util.TreeSet;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.storage.StorageLevel;

/**
 * Votes by item and annotator. An annotator has one vote on an item: equal ones count once, and who
 * gave several labels to one item has none. Annotators and labels get numbers in the order of their
 * names, so that the numbers depend on the votes alone.
 *
 * <p>The rows are shuffled once, by item, and read once after that; what is kept of them are
 * arrays, in which the numbers of everybody then take the place of those of a block.
 */
final class CastVotes implements AutoCloseable {
  private static final int MAX_LABELS = 1_000_000;

  private final Set<String> experts;
  private final Counts counts;
  private final Names labels;
  private final Names annotators;
  private final JavaRDD<ItemBlock> blocks;

  /** Rows read for the votes, by what became of them. */
  record Counts(long votes, long duplicate, long contradictory, long missing, long gold)
      implements Serializable {
    Counts plus(Counts more) {
      return new Counts(
          votes + more.votes,
          duplicate + more.duplicate,
          contradictory + more.contradictory,
          missing + more.missing,
          gold + more.gold);
    }

    long rows() {
      return votes + duplicate + contradictory + missing + gold;
    }
  }

  private CastVotes(JavaSparkContext context, JavaRDD<CastBlock> cast, Set<String> experts) {
    this.experts = experts;
    this.counts = cast.map(CastBlock::counts).fold(new Counts(0, 0, 0, 0, 0), Counts::plus);
    this.labels =
        new Names(
            cast.flatMap(block -> block.givenLabelNames().iterator())
                .distinct()
                .take(MAX_LABELS + 1));
    this.annotators =
        new Names(cast.flatMap(block -> block.annotators().iterator()).distinct().collect());
    Broadcast<Names> knownAnnotators = context.broadcast(annotators);
    Broadcast<Names> knownLabels = context.broadcast(labels);
    this.blocks =
        cast.map(block -> block.numbered(knownAnnotators.value(), knownLabels.value()))
            .persist(StorageLevel.MEMORY_AND_DISK());
    blocks.count(); // before the others go
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
    Set<String> known = new TreeSet<>(experts);
    JavaRDD<CastBlock> cast =
        byItem
            .mapPartitions(rows -> CastBlock.of(new CastItems(rows), known))
            .persist(StorageLevel.MEMORY_AND_DISK());
    try {
      return new CastVotes(context, cast, known);
    } finally {
      cast.unpersist();
    }
  }

  /**
   * @throws org.rlhf4j.jobs.JobException if the labels are too many, or an expert has no vote
   */
  void check() {
    if (labels.size() > MAX_LABELS) {
      throw badInput(
          "The votes have more than %d different labels; give categories or grades as label.",
          MAX_LABELS);
    }

    for (String expert : experts) {
      if (annotators.number(expert, CodedItem.UNKNOWN) == CodedItem.UNKNOWN) {
        throw badInput("The expert %s has no vote in the input; correct quality.experts.", expert);
      }
    }
  }

  Counts counts() {
    return counts;
  }

  /** Labels in use, in order; the position is a label's number. */
  Names labels() {
    return labels;
  }

  /** Annotators with a vote, in order; the position is an annotator's number. */
  Names annotators() {
    return annotators;
  }

  /** Items with a vote, made anew from what is kept by everybody who reads them. */
  JavaRDD<CodedItem> items() {
    return blocks.flatMap(ItemBlock::iterator);
  }

  @Override
  public void close() {
    blocks.unpersist();
  }
}
