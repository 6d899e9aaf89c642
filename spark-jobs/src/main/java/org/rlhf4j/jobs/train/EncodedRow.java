package org.rlhf4j.jobs.train;

import java.io.Serializable;
import org.rlhf4j.data.dataset.Split;
import org.rlhf4j.dl4j.TrainingExample;

/**
 * A row of a dataset after tokenisation.
 *
 * @param split the row's
 * @param fate what the length limits did to it
 * @param content null where the row is left out
 */
record EncodedRow(Split split, Fate fate, TrainingExample content) implements Serializable {
  /** The same row with other content. */
  EncodedRow with(TrainingExample other) {
    return new EncodedRow(split, fate, other);
  }

  /** What the length limits did. */
  enum Fate {
    WHOLE,
    TRUNCATED,
    LEFT_OUT
  }

  static EncodedRow leftOut(Split split) {
    return new EncodedRow(split, Fate.LEFT_OUT, null);
  }

  /**
   * @param tokens of the texts
   * @param keptTokens of them within the limits
   */
  static EncodedRow kept(Split split, int tokens, int keptTokens, TrainingExample content) {
    return new EncodedRow(split, keptTokens < tokens ? Fate.TRUNCATED : Fate.WHOLE, content);
  }
}
