package org.rlhf4j.jobs.label;

import java.util.Arrays;
import java.util.List;

/** Says how likely each of its answers to a question is. Not thread-safe. */
interface Judge extends AutoCloseable {
  /** The answer to a question that was too long to be asked. */
  double TOO_LONG = Double.NaN;

  /**
   * Probabilities of the answers, in the order of the questions.
   *
   * @return [questions][answers], each row with sum 1, or all {@link #TOO_LONG}
   */
  double[][] probabilities(List<Question> questions);

  /** For a question that cannot be asked. */
  static double[] tooLong(int answers) {
    double[] row = new double[answers];
    Arrays.fill(row, TOO_LONG);
    return row;
  }

  @Override
  void close();
}
