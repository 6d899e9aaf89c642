package org.rlhf4j.jobs.evaluate;

import java.util.List;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.function.Function;
import org.rlhf4j.data.dataset.Split;
import org.rlhf4j.jobs.JobException;

/** Rows that no training has seen. */
final class HeldOut {
  private HeldOut() {}

  /**
   * The rows of the test split, or of the validation split where there is no test row.
   *
   * @param path named in the error
   */
  static <R> JavaRDD<R> of(JavaRDD<R> rows, Function<R, Split> split, String path) {
    Split heldOut = split(rows, split, path);
    return rows.filter(row -> split.call(row) == heldOut);
  }

  /** The split of {@link #of}. */
  static <R> Split split(JavaRDD<R> rows, Function<R, Split> split, String path) {
    for (Split heldOut : List.of(Split.TEST, Split.VALIDATION)) {
      if (!rows.filter(row -> split.call(row) == heldOut).isEmpty()) {
        return heldOut;
      }
    }
    throw JobException.badInput(
        "%s has no held-out row (split test or validation); raise prepare.test-share, in a new run"
            + " directory if there is one",
        path);
  }
}
