package org.rlhf4j.jobs.prepare;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.rlhf4j.data.dataset.RowIds;
import org.rlhf4j.data.dataset.Split;
import org.rlhf4j.data.raw.Likeness;
import org.rlhf4j.data.similarity.Hashes;
import org.rlhf4j.jobs.prepare.similar.Clusters;

/**
 * What is needed of a kept row to compare it with others of its cluster of prompts, without its
 * texts. Rows of one cluster, split and dataset with the same judgement are near-duplicates.
 *
 * @param cluster of prompts
 * @param split the farther from training, the smaller
 * @param judgement hash of what the row says of which responses
 * @param fingerprint of {@link Candidate}
 * @param group id of the prompt
 * @param number of the row in its file
 */
record LikeRow(
    long cluster,
    int split,
    String dataset,
    String judgement,
    long fingerprint,
    String group,
    String file,
    long number,
    boolean isDerived,
    String format,
    boolean isTruncated) {
  static final StructType SCHEMA =
      new StructType()
          .add("cluster", DataTypes.LongType, false)
          .add("split", DataTypes.IntegerType, false)
          .add("dataset", DataTypes.StringType, false)
          .add("judgement", DataTypes.StringType, false)
          .add("fingerprint", DataTypes.LongType, false)
          .add("group", DataTypes.StringType, false)
          .add("file", DataTypes.StringType, false)
          .add("number", DataTypes.LongType, false)
          .add("is_derived", DataTypes.BooleanType, false)
          .add("format", DataTypes.StringType, false)
          .add("is_truncated", DataTypes.BooleanType, false);

  /**
   * @param likeResponses clusters of responses
   */
  static LikeRow of(
      long cluster, Split split, Candidate candidate, Likeness likeness, Clusters likeResponses) {
    return new LikeRow(
        cluster,
        order(split),
        candidate.dataset(),
        judgement(cluster, likeness, likeResponses),
        candidate.fingerprint(),
        candidate.group(),
        candidate.raw().file(),
        candidate.raw().number(),
        candidate.isDerived(),
        candidate.format(),
        candidate.isTruncated());
  }

  /** The row as {@link #SCHEMA} says. */
  Row toRow() {
    return RowFactory.create(
        cluster,
        split,
        dataset,
        judgement,
        fingerprint,
        group,
        file,
        number,
        isDerived,
        format,
        isTruncated);
  }

  static LikeRow fromRow(Row row) {
    return new LikeRow(
        row.getLong(0),
        row.getInt(1),
        row.getString(2),
        row.getString(3),
        row.getLong(4),
        row.getString(5),
        row.getString(6),
        row.getLong(7),
        row.getBoolean(8),
        row.getString(9),
        row.getBoolean(10));
  }

  /** Whether the other row of the cluster and split says the same. */
  boolean isLike(LikeRow other) {
    return dataset.equals(other.dataset) && judgement.equals(other.judgement);
  }

  /** Id of a response, which is compared within a cluster of prompts. */
  static long responseId(long cluster, String response) {
    return Hashes.append(cluster, Hashes.of(RowIds.normalize(response)));
  }

  /** What the row says, written with the names of like responses. */
  private static String judgement(long cluster, Likeness likeness, Clusters likeResponses) {
    long[] ids =
        likeness.responses().stream().mapToLong(text -> responseId(cluster, text)).toArray();
    long[] names = Arrays.stream(ids).map(likeResponses::of).toArray();
    // the row's own responses stay different: a choice between like ones says something
    long[] told = distinct(names) == distinct(ids) ? names : ids;
    List<String> ranked = new ArrayList<>();
    for (int i = 0; i < told.length; i++) {
      ranked.add(likeness.ranks().get(i) + " " + told[i]);
    }

    ranked.sort(null);
    ranked.add(likeness.context());
    return RowIds.hash("judgement", ranked);
  }

  private static long distinct(long[] ids) {
    return Arrays.stream(ids).distinct().count();
  }

  /** The farther from training, the smaller. */
  private static int order(Split split) {
    return switch (split) {
      case TEST -> 0;
      case VALIDATION -> 1;
      case TRAIN -> 2;
    };
  }
}
