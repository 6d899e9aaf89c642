package org.rlhf4j.jobs.quality;

/** Fractions as integers, whose sums are the same in any order. */
final class FixedPoint {
  /** What 1 is. */
  static final double UNIT = 0x1p32;

  private FixedPoint() {}
}
