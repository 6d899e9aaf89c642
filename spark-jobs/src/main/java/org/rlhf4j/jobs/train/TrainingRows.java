package org.rlhf4j.jobs.train;

import java.util.Arrays;
import java.util.List;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.storage.StorageLevel;
import org.rlhf4j.data.dataset.Split;
import org.rlhf4j.dl4j.TrainingExample;
import org.rlhf4j.jobs.JobException;
import org.rlhf4j.jobs.train.EncodedRow.Fate;

/** Encoded rows by split, kept in memory or on disk until closed, and their counts. */
final class TrainingRows implements AutoCloseable {
  private final JavaRDD<EncodedRow> rows;
  private final RowCounts counts;

  TrainingRows(JavaRDD<EncodedRow> encoded) {
    rows = encoded.persist(StorageLevel.MEMORY_AND_DISK());
    counts =
        rows.mapPartitions(part -> List.of(RowCounts.of(part)).iterator()).collect().stream()
            .reduce(RowCounts.NONE, RowCounts::plus);
  }

  RowCounts counts() {
    return counts;
  }

  /** Examples of one split. */
  JavaRDD<TrainingExample> examples(Split split) {
    return examples(rows, split);
  }

  /** Examples of one split of any rows. */
  static JavaRDD<TrainingExample> examples(JavaRDD<EncodedRow> rows, Split split) {
    return rows.filter(row -> row.split() == split && row.fate() != Fate.LEFT_OUT)
        .map(EncodedRow::content);
  }

  /** Hash of the training examples' ids and tokens, the same in any order. */
  long fingerprint() {
    return examples(Split.TRAIN).map(TrainingRows::hash).fold(0L, Long::sum);
  }

  private static long hash(TrainingExample example) {
    long hash = EpochOrder.idHash(example.id());
    for (TrainingExample.Sequence sequence : example.sequences()) {
      hash = EpochOrder.key(hash, Arrays.hashCode(sequence.tokens()));
    }
    return hash;
  }

  /**
   * @param input named in the message
   * @throws JobException if no row is left to train on
   */
  void requireTrainingRows(String input) {
    if (counts.train() == 0) {
      throw JobException.badInput(
          "Input %s has no row to train on: %d rows were read, %d of them too long; check the split column and data.max-prompt-tokens, data.max-response-tokens and the model's context length",
          input, counts.read(), counts.overLength());
    }
  }

  @Override
  public void close() {
    rows.unpersist();
  }
}
