package org.rlhf4j.jobs.label;

import java.util.List;

/** Says how likely the response that is shown first is the better one. Not thread-safe. */
interface Judge extends AutoCloseable {
  /** The answer to a question that was too long to be asked. */
  double TOO_LONG = Double.NaN;

  /**
   * Probability that the response shown first is better, in the order of the questions.
   *
   * @return in [0, 1], or {@link #TOO_LONG}
   */
  double[] firstIsBetter(List<Question> questions);

  @Override
  void close();
}
