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
 */
final class LikeRow {
  /** Split: the farther from training, the smaller. */
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

  private LikeRow() {}

  /**
   * @param likeResponses clusters of responses
   */
  static Row of(
      long cluster, Split split, Candidate candidate, Likeness likeness, Clusters likeResponses) {
    return RowFactory.create(
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
