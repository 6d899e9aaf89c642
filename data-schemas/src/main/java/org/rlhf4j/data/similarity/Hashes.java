package org.rlhf4j.data.similarity;

/** Mixing of 64-bit hashes. */
final class Hashes {
  private static final long GOLDEN_GAMMA = 0x9e3779b97f4a7c15L;

  private Hashes() {}

  /** Variant 13 of Stafford's finalisers, as in SplitMix64: every bit depends on every bit. */
  static long mix(long value) {
    long z = (value ^ (value >>> 30)) * 0xbf58476d1ce4e5b9L;
    z = (z ^ (z >>> 27)) * 0x94d049bb133111ebL;
    return z ^ (z >>> 31);
  }

  /** Hash of a sequence that so far has the hash {@code before}. */
  static long append(long before, long next) {
    return mix((before + GOLDEN_GAMMA) ^ next);
  }

  /** Number {@code index} of the sequence with the seed; SplitMix64. */
  static long random(long seed, int index) {
    return mix(seed + (index + 1) * GOLDEN_GAMMA);
  }
}
