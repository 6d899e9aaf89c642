package org.rlhf4j.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TestRowSums {
  private static final double ROUNDING = 1e-5;

  @ParameterizedTest
  @CsvSource({"1, 5", "63, 16", "131, 37", "5000, 33"})
  void sumsOfColumnsAreExactAndIndependentOfThreads(int rows, int columns) {
    Matrix x = random(rows, columns);
    Floats alone = Floats.allocate(columns);
    Floats shared = Floats.allocate(columns);

    columnSums(1, x, alone);
    columnSums(3, x, shared);

    for (int c = 0; c < columns; c++) {
      double sum = 0;
      for (int row = 0; row < rows; row++) {
        sum += x.values().at(x.start(row) + c);
      }
      assertThat((double) alone.at(c)).isCloseTo(sum, within(ROUNDING * rows));
      assertThat(shared.at(c)).isEqualTo(alone.at(c));
    }
  }

  @Test
  void noRowsGiveZeros() {
    Floats sums = Floats.allocate(3);
    sums.set(1, 5f);

    columnSums(2, random(0, 3), sums);

    assertThat(sums.at(1)).isZero();
  }

  @Test
  void gradientsOfNormsAreIndependentOfThreads() {
    Matrix x = random(200, 40);
    Matrix dy = random(200, 40);
    Floats[] alone = layerNormGradients(1, x, dy);
    Floats[] shared = layerNormGradients(3, x, dy);

    for (int i = 0; i < alone.length; i++) {
      for (long at = 0; at < alone[i].length(); at++) {
        assertThat(shared[i].at(at)).isEqualTo(alone[i].at(at));
      }
    }
  }

  private static Floats[] layerNormGradients(int threads, Matrix x, Matrix dy) {
    int width = x.columns();
    Floats weight = Floats.allocate(width);
    Floats statistics = Floats.allocate(2L * x.rows());
    Matrix y = Matrix.of(Floats.allocate((long) x.rows() * width), x.rows(), width);
    Matrix dx = Matrix.of(Floats.allocate((long) x.rows() * width), x.rows(), width);
    Floats dWeight = Floats.allocate(width);
    Floats dBias = Floats.allocate(width);
    for (int c = 0; c < width; c++) {
      weight.set(c, 1f + c);
    }
    try (Kernels kernels = KernelSet.CPU.kernels(threads)) {
      kernels.layerNorm(x, weight, Floats.allocate(width), 1e-5, y, statistics);
      kernels.layerNormBackward(x, weight, statistics, dy, dx, dWeight, dBias);
    }
    return new Floats[] {dWeight, dBias, dx.values()};
  }

  private static void columnSums(int threads, Matrix x, Floats sums) {
    try (Kernels kernels = KernelSet.CPU.kernels(threads)) {
      kernels.columnSums(x, sums);
    }
  }

  private static Matrix random(int rows, int columns) {
    Random random = new Random(7);
    Matrix matrix = Matrix.of(Floats.allocate((long) rows * columns), rows, columns);
    for (int i = 0; i < rows * columns; i++) {
      matrix.values().set(i, (float) random.nextGaussian());
    }
    return matrix;
  }
}
