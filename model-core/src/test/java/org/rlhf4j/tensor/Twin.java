package org.rlhf4j.tensor;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;

/**
 * The same numbers in the memories of both kernel sets: a matrix somewhere inside a vector, with
 * gaps between its rows, so that whatever is written beside it is found.
 */
record Twin(Matrix cpu, Matrix nd4j) {
  static final double TOLERANCE = 1e-5; // relative to the largest value, at least 1
  private static final int BEFORE = 7;
  private static final int GAP = 5;

  static Twin random(Random random, int rows, int columns) {
    int offset = random.nextInt(BEFORE);
    int stride = columns + random.nextInt(GAP);
    float[] values = new float[offset + rows * stride + 1];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) random.nextGaussian();
    }
    return new Twin(
        new Matrix(floats(KernelSet.CPU, values), offset, rows, columns, stride),
        new Matrix(floats(KernelSet.ND4J, values), offset, rows, columns, stride));
  }

  /** A vector of its own, as weights are: inside a longer one. */
  static Twin vector(Random random, int length) {
    Twin whole = random(random, 1, length);
    return new Twin(cut(whole.cpu), cut(whole.nd4j));
  }

  private static Matrix cut(Matrix row) {
    Floats slice = row.values().slice(row.offset(), row.columns());
    return Matrix.of(slice, 1, row.columns());
  }

  private static Floats floats(KernelSet set, float[] values) {
    Floats floats = set.allocate(values.length);
    floats.copyFrom(values, 0, 0, values.length);
    return floats;
  }

  static float[] values(Matrix matrix) {
    float[] values = new float[(int) matrix.values().length()];
    matrix.values().copyTo(0, values, 0, values.length);
    return values;
  }

  Matrix of(KernelSet set) {
    return set == KernelSet.CPU ? cpu : nd4j;
  }

  Twin rows(int from, int count) {
    return new Twin(cpu.rows(from, count), nd4j.rows(from, count));
  }

  void assertEqual(String what) {
    assertClose(what, values(nd4j), values(cpu));
  }

  static void assertClose(String what, float[] actual, float[] expected) {
    assertThat(actual).as(what).hasSameSizeAs(expected);
    double largest = 1;
    for (float value : expected) {
      largest = Math.max(largest, Math.abs(value));
    }
    for (int i = 0; i < expected.length; i++) {
      double error = Math.abs((double) actual[i] - expected[i]);
      assertThat(error <= TOLERANCE * largest)
          .as("%s: value %d is %s, but should be %s", what, i, actual[i], expected[i])
          .isTrue();
    }
  }
}
