package org.rlhf4j.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class TestGemm {
  private static final int PADDING = 5; // values between rows
  private static final double TOLERANCE = 2e-6; // for each value that is added up
  private static final float AVX2_TOLERANCE = 1e-3f;

  private final Random random = new Random(1);

  /** Shapes that the libraries multiply in different ways: tiny, long inside, one row or column. */
  private static final int[][] SHAPES = {
    {1, 1, 1},
    {3, 5, 2},
    {1, 70, 40},
    {70, 1, 40},
    {64, 128, 48},
    {17, 33, 1300},
    {130, 200, 600}
  };

  static List<BlasLibrary> libraries() {
    return BlasLibrary.available();
  }

  @Test
  void theFastestOfThePlatformIsTaken() {
    assertThat(BlasLibrary.loadFastest()).hasSameClassAs(libraries().get(0).load());
  }

  @ParameterizedTest
  @MethodSource("libraries")
  void everyLibraryMultiplies(BlasLibrary library) {
    Blas blas = library.load();
    blas.enterThread();
    for (int[] shape : SHAPES) {
      for (int transposed = 0; transposed < 4; transposed++) {
        check(blas, shape, (transposed & 1) != 0, (transposed & 2) != 0, 1f, 0f);
      }
      check(blas, shape, false, false, .5f, 1f);
      check(blas, shape, true, false, 2f, -.5f);
    }
  }

  private void check(
      Blas blas, int[] shape, boolean transposeA, boolean transposeB, float alpha, float beta) {
    int m = shape[0];
    int n = shape[1];
    int k = shape[2];
    Matrix a = transposeA ? matrix(k, m) : matrix(m, k);
    Matrix b = transposeB ? matrix(n, k) : matrix(k, n);
    Matrix c = matrix(m, n);
    double[] expected = new double[m * n];
    for (int row = 0; row < m; row++) {
      for (int column = 0; column < n; column++) {
        double sum = 0;
        for (int i = 0; i < k; i++) {
          double left = transposeA ? value(a, i, row) : value(a, row, i);
          sum += left * (transposeB ? value(b, column, i) : value(b, i, column));
        }
        expected[row * n + column] = alpha * sum + beta * value(c, row, column);
        if (beta == 0) {
          c.values().set(c.start(row) + column, Float.NaN); // is not to be read
        }
      }
    }

    blas.multiply(
        transposeA,
        transposeB,
        m,
        n,
        k,
        alpha,
        new HostFloats.Address(a.address(), 0),
        a.stride(),
        new HostFloats.Address(b.address(), 0),
        b.stride(),
        beta,
        new HostFloats.Address(c.address(), 0),
        c.stride());

    for (int row = 0; row < m; row++) {
      for (int column = 0; column < n; column++) {
        assertThat((double) value(c, row, column))
            .isCloseTo(expected[row * n + column], within(TOLERANCE * (k + 1)));
      }
    }
  }

  /**
   * Without pieces of k, oneDNN's results differ here; the last shape it multiplies in two ways.
   */
  @ParameterizedTest
  @CsvSource({"768, 2560, 1280", "400, 512, 2000", "1495, 825, 2142"})
  void threadsDoNotChangeABit(int m, int n, int k) {
    Matrix a = matrix(m, k);
    Matrix b = matrix(k, n);
    float[] one = values(product(a, b, 1));
    float tolerance = Processor.hasAvx512() ? 0f : AVX2_TOLERANCE;
    for (int threads : new int[] {2, 3}) {
      assertThat(Differences.largest(values(product(a, b, threads)), one))
          .isLessThanOrEqualTo(tolerance);
    }
  }

  @Test
  void nothingInsideScalesTheResult() {
    Matrix a = matrix(4, 3);
    Matrix b = matrix(4, 5);
    for (float beta : new float[] {0f, 1f, -.5f}) {
      Matrix c = matrix(3, 5);
      float[] expected = values(c);
      for (int i = 0; i < expected.length; i++) {
        expected[i] *= beta;
      }
      try (Workers workers = new Workers(1)) {
        new Gemm(workers).transposedMultiply(1f, a.rows(0, 0), b.rows(0, 0), beta, c);
      }
      assertThat(Differences.largest(values(c), expected)).isZero();
    }
  }

  private Matrix product(Matrix a, Matrix b, int threads) {
    Matrix c = matrix(a.rows(), b.columns());
    try (Workers workers = new Workers(threads)) {
      new Gemm(workers).multiply(1f, a, b, 0f, c);
    }
    return c;
  }

  private Matrix matrix(int rows, int columns) {
    int stride = columns + PADDING;
    Floats values = KernelSet.CPU.allocate((long) rows * stride);
    for (long i = 0; i < values.length(); i++) {
      values.set(i, random.nextFloat() - .5f);
    }
    return Matrix.of(values, rows, stride).columns(0, columns);
  }

  private static float[] values(Matrix matrix) {
    float[] values = new float[matrix.rows() * matrix.columns()];
    for (int i = 0; i < values.length; i++) {
      values[i] = value(matrix, i / matrix.columns(), i % matrix.columns());
    }
    return values;
  }

  private static float value(Matrix matrix, int row, int column) {
    return matrix.values().at(matrix.start(row) + column);
  }
}
