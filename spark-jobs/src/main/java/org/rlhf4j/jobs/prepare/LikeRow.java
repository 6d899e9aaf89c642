package org.rlhf4j.jobs.prepare;

import java.nio.ByteBuffer;
import java.nio.LongBuffer;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.rlhf4j.data.dataset.RowIds;
import org.rlhf4j.data.dataset.Split;
import org.rlhf4j.data.raw.DatasetRecord;
import org.rlhf4j.data.raw.Likeness;
import org.rlhf4j.jobs.prepare.similar.SimilarTexts;

/**
 * What is needed of a kept row to compare it with others of its cluster of prompts, without its
 * texts; or, between such rows, the cluster of one response.
 */
final class LikeRow {
  /** Split: the farther from training, the smaller. */
  static final StructType SCHEMA =
      new StructType()
          .add("cluster", DataTypes.LongType, false)
          .add("is_row", DataTypes.BooleanType, false)
          .add("response", DataTypes.LongType, false)
          .add("like_response", DataTypes.LongType, false)
          .add("split", DataTypes.IntegerType, false)
          .add("dataset", DataTypes.StringType, false)
          .add("judgement", DataTypes.StringType, false)
          .add("responses", DataTypes.BinaryType, false)
          .add("fingerprint", DataTypes.StringType, false)
          .add("group", DataTypes.StringType, false)
          .add("file", DataTypes.StringType, false)
          .add("number", DataTypes.LongType, false)
          .add("is_derived", DataTypes.BooleanType, false);

  private static final int JUDGEMENT = 6;
  private static final int RESPONSES = 7;
  private static final byte[] NO_BYTES = {};

  private LikeRow() {}

  static Row of(long cluster, Split split, Candidate candidate, DatasetRecord record) {
    Likeness likeness = record.likeness();
    LongBuffer responses = LongBuffer.allocate(2 * likeness.responses().size());
    for (int i = 0; i < likeness.responses().size(); i++) {
      responses.put(likeness.ranks().get(i)).put(responseId(cluster, likeness.responses().get(i)));
    }

    return RowFactory.create(
        cluster,
        true,
        0L,
        0L,
        order(split),
        candidate.dataset(),
        likeness.context(),
        bytes(responses.array()),
        candidate.fingerprint(),
        candidate.group(),
        candidate.raw().file(),
        candidate.raw().number(),
        candidate.isDerived());
  }

  /** The farther from training, the smaller. */
  private static int order(Split split) {
    return switch (split) {
      case TEST -> 0;
      case VALIDATION -> 1;
      case TRAIN -> 2;
    };
  }

  /** Says that a response belongs to a cluster of like ones. */
  static Row ofResponse(long cluster, long response, long likeResponse) {
    return RowFactory.create(
        cluster, false, response, likeResponse, 0, "", "", NO_BYTES, "", "", "", 0L, false);
  }

  /** The responses of a record, to be compared within its cluster of prompts. */
  static Stream<Row> responseUnits(long cluster, DatasetRecord record) {
    return record.likeness().responses().stream()
        .map(
            text ->
                SimilarTexts.unit(
                    responseId(cluster, text), cluster, "", PromptUnits.shingles(text)));
  }

  /**
   * The row with what it says written with the names of like responses: rows of one cluster with
   * the same judgement are near-duplicates.
   */
  static Row withJudgement(Row row, Map<Long, Long> likeResponses) {
    LongBuffer responses = ByteBuffer.wrap(row.<byte[]>getAs(RESPONSES)).asLongBuffer();
    List<String> ranked = new ArrayList<>();
    Map<Long, Long> names = distinguishes(responses, likeResponses) ? likeResponses : Map.of();
    for (int i = 0; i < responses.limit(); i += 2) {
      long id = responses.get(i + 1);
      ranked.add(responses.get(i) + " " + names.getOrDefault(id, id));
    }

    ranked.sort(null);
    ranked.add(row.getString(JUDGEMENT));
    Object[] values = new Object[row.size()];
    for (int i = 0; i < values.length; i++) {
      values[i] = row.get(i);
    }

    values[JUDGEMENT] = RowIds.hash("judgement", ranked);
    values[RESPONSES] = NO_BYTES;
    return RowFactory.create(values);
  }

  /** Whether the row's own responses stay different; a choice between like ones says something. */
  private static boolean distinguishes(LongBuffer responses, Map<Long, Long> likeResponses) {
    Set<Long> names = new HashSet<>();
    Set<Long> ids = new HashSet<>();
    for (int i = 1; i < responses.limit(); i += 2) {
      long id = responses.get(i);
      ids.add(id);
      names.add(likeResponses.getOrDefault(id, id));
    }

    return names.size() == ids.size();
  }

  private static long responseId(long cluster, String response) {
    return PromptUnits.shortId(
        RowIds.hash("response", List.of(Long.toString(cluster), RowIds.normalize(response))));
  }

  private static byte[] bytes(long[] values) {
    ByteBuffer bytes = ByteBuffer.allocate(Long.BYTES * values.length);
    bytes.asLongBuffer().put(values);
    return bytes.array();
  }
}
