package org.rlhf4j.jobs.prepare;

import java.io.Serializable;
import java.util.Optional;
import org.apache.spark.broadcast.Broadcast;
import org.rlhf4j.data.raw.DatasetRecord;
import org.rlhf4j.data.similarity.GramSet;
import org.rlhf4j.data.similarity.NGrams;
import org.rlhf4j.data.similarity.Words;

/** What of a row also stands in a held-out set; travels to the executors. */
@FunctionalInterface
interface HeldOut extends Serializable {
  /** No set is held out. */
  HeldOut NOTHING = row -> Optional.empty();

  /** For a reader; empty if nothing of the row is held out. */
  Optional<String> overlap(DatasetRecord row);

  /**
   * @param grams runs of words of the held-out sets
   * @param ngram words in a run
   */
  static HeldOut of(Broadcast<GramSet> grams, int ngram) {
    return row ->
        RowTexts.of(row)
            .flatMap(text -> overlap(text, grams.value(), ngram).stream())
            .findFirst()
            .map(passage -> "a held-out set has these words too: " + passage);
  }

  private static Optional<String> overlap(String text, GramSet heldOut, int ngram) {
    long[] grams = NGrams.of(Words.of(text), ngram);
    for (int i = 0; i < grams.length; i++) {
      if (heldOut.contains(grams[i])) {
        return Optional.of(Words.passage(text, i, ngram));
      }
    }

    return Optional.empty();
  }
}
