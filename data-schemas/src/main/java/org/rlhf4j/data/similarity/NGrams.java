package org.rlhf4j.data.similarity;

/** Runs of n words of a text, as 64-bit hashes. */
public final class NGrams {
  /** A text with fewer words than this says too little to be recognised by. */
  public static final int FEWEST_WORDS = 5;

  private static final long BASE = 0x9e3779b97f4a7c15L | 1;

  private NGrams() {}

  /**
   * All runs of n words in order, [W - n + 1]. A text with fewer words is one run of its own
   * length, which equals no part of a longer text; one with fewer than five words has none.
   */
  public static long[] of(long[] words, int n) {
    int length = Math.min(n, words.length);
    if (length < Math.min(n, FEWEST_WORDS)) {
      return new long[0];
    }

    long last = 1; // BASE^(length - 1)
    for (int i = 1; i < length; i++) {
      last *= BASE;
    }

    long[] grams = new long[words.length - length + 1];
    long sum = 0; // words[i] * BASE^(length - 1) + ... + words[i + length - 1]
    for (int i = 0; i < words.length; i++) {
      sum = sum * BASE + words[i];
      int first = i - length + 1;
      if (first >= 0) {
        grams[first] = Hashes.append(length, sum);
        sum -= words[first] * last;
      }
    }

    return grams;
  }
}
