package org.rlhf4j.jobs.reviews;

import java.util.Arrays;
import java.util.SplittableRandom;

/** One sentence of a review and its sentiment; words are separated by single spaces. */
record ReviewSentence(String text, boolean positive) {
  private static final long HASH_FACTOR = 0x9E3779B97F4A7C15L;
  private static final int HASH_BASE = 31;

  int words() {
    return text.split(" ").length;
  }

  /** The first words. */
  String opening(int words) {
    return String.join(" ", Arrays.asList(text.split(" ")).subList(0, words));
  }

  /** What follows the opening, with its leading space, so that the two concatenate to the text. */
  String continuation(int words) {
    return text.substring(opening(words).length());
  }

  /** A draw in [0, 1) that depends on nothing but the text and the seed. */
  double draw(long seed) {
    long hash = seed;
    for (int i = 0; i < text.length(); i++) {
      hash = HASH_BASE * hash + text.charAt(i);
    }
    return new SplittableRandom(hash * HASH_FACTOR).nextDouble();
  }
}
