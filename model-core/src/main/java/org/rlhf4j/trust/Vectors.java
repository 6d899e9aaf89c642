package org.rlhf4j.trust;

import org.rlhf4j.tensor.Floats;

/** Sums over flat vectors, accumulated in double, in order. */
public final class Vectors {
  private static final int CHUNK = 1 << 14; // values

  private Vectors() {}

  /** Inner product. */
  public static double dot(Floats x, Floats y) {
    float[] left = new float[CHUNK];
    float[] right = new float[CHUNK];
    double sum = 0;
    for (long offset = 0; offset < x.length(); offset += CHUNK) {
      int count = (int) Math.min(CHUNK, x.length() - offset);
      x.copyTo(offset, left, 0, count);
      y.copyTo(offset, right, 0, count);
      for (int i = 0; i < count; i++) {
        sum += (double) left[i] * right[i];
      }
    }
    return sum;
  }

  /** {@code y = a x + b y}. */
  public static void combine(double a, Floats x, double b, Floats y) {
    float[] left = new float[CHUNK];
    float[] right = new float[CHUNK];
    for (long offset = 0; offset < x.length(); offset += CHUNK) {
      int count = (int) Math.min(CHUNK, x.length() - offset);
      x.copyTo(offset, left, 0, count);
      y.copyTo(offset, right, 0, count);
      for (int i = 0; i < count; i++) {
        right[i] = (float) (a * left[i] + b * right[i]);
      }
      y.copyFrom(right, 0, offset, count);
    }
  }
}
