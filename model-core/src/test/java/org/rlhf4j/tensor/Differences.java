package org.rlhf4j.tensor;

/** Compares many values quickly. */
public final class Differences {
  private Differences() {}

  /** Largest absolute difference; NaN where one is none. */
  public static float largest(float[] left, float[] right) {
    if (left.length != right.length) {
      throw new AssertionError(left.length + " values against " + right.length);
    }
    float largest = 0;
    for (int i = 0; i < left.length; i++) {
      largest = Math.max(largest, Math.abs(left[i] - right[i]));
    }
    return largest;
  }
}
