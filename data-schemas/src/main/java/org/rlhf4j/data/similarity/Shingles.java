package org.rlhf4j.data.similarity;

import java.util.Arrays;

/**
 * The set of runs of three words of a text, as 32-bit hashes in ascending order, [S]. The likeness
 * of two texts is the Jaccard index of their sets (Broder 1997, "On the resemblance and containment
 * of documents").
 */
public final class Shingles {
  /** Words in a shingle; a text with fewer words is one shingle. */
  public static final int WORDS = 3;

  private Shingles() {}

  /** Shingles of words, [S]; none if there are no words. */
  public static int[] of(long[] words) {
    if (words.length == 0) {
      return new int[0];
    }

    int length = Math.min(WORDS, words.length);
    int[] shingles = new int[words.length - length + 1];
    for (int i = 0; i < shingles.length; i++) {
      long hash = 0;
      for (int j = i; j < i + length; j++) {
        hash = Hashes.append(hash, words[j]);
      }

      shingles[i] = (int) (hash >>> 32);
    }

    return sortedSet(shingles);
  }

  /** Size of the intersection over size of the union, in [0, 1]; 0 if both are empty. */
  public static double jaccard(int[] left, int[] right) {
    int common = 0;
    for (int i = 0, j = 0; i < left.length && j < right.length; ) {
      common += left[i] == right[j] ? 1 : 0;
      boolean isLeftBehind = left[i] <= right[j];
      boolean isRightBehind = right[j] <= left[i];
      i += isLeftBehind ? 1 : 0;
      j += isRightBehind ? 1 : 0;
    }

    int union = left.length + right.length - common;
    return union == 0 ? 0 : (double) common / union;
  }

  private static int[] sortedSet(int[] values) {
    Arrays.sort(values);
    int size = 1;
    for (int i = 1; i < values.length; i++) {
      if (values[i] != values[size - 1]) {
        values[size] = values[i];
        size++;
      }
    }

    return size == values.length ? values : Arrays.copyOf(values, size);
  }
}
