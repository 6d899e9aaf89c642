package org.rlhf4j.jobs.demo;

import java.util.List;
import java.util.SplittableRandom;

/** Random choices of one row: a pure function of (seed, stream, row), whoever makes the row. */
final class DemoRandom {
  private static final long STREAM_STRIDE = 0xD1342543DE82EF95L;
  private static final long ROW_STRIDE = 0x9E3779B97F4A7C15L;

  private final SplittableRandom random;

  private DemoRandom(SplittableRandom random) {
    this.random = random;
  }

  /**
   * @param stream name of the kind of row, so that two kinds do not share their choices
   */
  static DemoRandom of(long seed, String stream, long row) {
    long mixed = seed + STREAM_STRIDE * stream.hashCode() + ROW_STRIDE * row;
    return new DemoRandom(new SplittableRandom(new SplittableRandom(mixed).nextLong()));
  }

  boolean chance(double probability) {
    return random.nextDouble() < probability;
  }

  double uniform() {
    return random.nextDouble();
  }

  int below(int bound) {
    return random.nextInt(bound);
  }

  <T> T pick(List<T> choices) {
    return choices.get(random.nextInt(choices.size()));
  }

  /** Standard Gumbel noise: argmax of (utility + noise) is a softmax choice. */
  double gumbel() {
    return -Math.log(-Math.log(Math.max(random.nextDouble(), Double.MIN_NORMAL)));
  }
}
