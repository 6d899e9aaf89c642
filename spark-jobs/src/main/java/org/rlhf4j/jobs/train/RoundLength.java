package org.rlhf4j.jobs.train;

/** How many steps a lone worker takes between two reports. */
final class RoundLength {
  /** Floating-point operations in about ten seconds on two cores. */
  private static final double WORK = 1e12;

  /** Forward and backward pass of one token, per parameter. */
  private static final double WORK_PER_PARAMETER = 6;

  private static final int MOST_STEPS = 256;

  private RoundLength() {}

  static int steps(long parameters, int batchSize, int contextLength) {
    double tokens = batchSize * (contextLength / 2.0);
    double steps = WORK / (WORK_PER_PARAMETER * parameters * tokens);
    return (int) Math.max(1, Math.min(MOST_STEPS, steps));
  }
}
