package org.rlhf4j.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TestPackedGemm {
  private static final double TOLERANCE = 1e-4;

  private static Matrix random(int rows, int columns, long seed) {
    Random random = new Random(seed);
    Floats values = Floats.allocate((long) rows * columns);
    for (int i = 0; i < rows * columns; i++) {
      values.set(i, (float) random.nextGaussian());
    }
    return Matrix.of(values, rows, columns);
  }

  private static float at(Matrix matrix, int row, int column) {
    return matrix.values().at(matrix.start(row) + column);
  }

  @ParameterizedTest
  @CsvSource({
    "1, 5, 3",
    "3, 17, 32",
    "4, 8, 33",
    "13, 40, 100",
    "125, 9, 70",
    "31, 64, 64",
    "29, 300, 700",
    "12, 129, 64",
    "36, 250, 40"
  })
  void addsTheProduct(int rows, int inputs, int outputs) {
    Matrix x = random(rows, inputs, 1);
    Matrix w = random(inputs, outputs, 2);
    Matrix y = random(rows, outputs + 5, 3).columns(2, outputs);
    Matrix before = random(rows, outputs + 5, 3).columns(2, outputs);

    try (CpuKernels kernels = new CpuKernels(2)) {
      kernels.multiplyPackedAdd(x, kernels.pack(w), y);
    }

    for (int row = 0; row < rows; row++) {
      for (int column = 0; column < outputs; column++) {
        double expected = at(before, row, column);
        for (int k = 0; k < inputs; k++) {
          expected += (double) at(x, row, k) * at(w, k, column);
        }
        assertThat((double) at(y, row, column)).isCloseTo(expected, within(TOLERANCE));
      }
      assertThat(at(y, row, outputs)).isEqualTo(at(before, row, outputs)); // beside the view
    }
  }

  @Test
  void rowsDoNotDependOnEachOther() {
    Matrix x = random(70, 48, 1);
    Matrix w = random(48, 90, 2);

    try (CpuKernels one = new CpuKernels(1);
        CpuKernels three = new CpuKernels(3)) {
      Matrix all = Matrix.of(Floats.allocate(70 * 90), 70, 90);
      three.multiplyPackedAdd(x, three.pack(w), all);
      for (int count : new int[] {1, 2, 5, 12, 30}) {
        Matrix some = Matrix.of(Floats.allocate(count * 90L), count, 90);
        one.multiplyPackedAdd(x.rows(7, count), one.pack(w), some);
        for (int i = 0; i < count * 90; i++) {
          assertThat(some.values().at(i)).isEqualTo(all.values().at(7 * 90 + i));
        }
      }
    }
  }

  @Test
  void packsBothOrientations() {
    Matrix w = random(7, 40, 2);
    Matrix transposed = Matrix.of(Floats.allocate(7 * 40), 40, 7);
    for (int i = 0; i < 7; i++) {
      for (int j = 0; j < 40; j++) {
        transposed.values().set(transposed.start(j) + i, at(w, i, j));
      }
    }

    try (Workers workers = new Workers(1)) {
      PanelMatrix panels = PanelMatrix.of(w, workers);
      PanelMatrix same = PanelMatrix.ofTransposed(transposed, workers);
      assertThat(same.panels()).isEqualTo(panels.panels());
      for (int i = 0; i < panels.panels(); i++) {
        assertThat(same.panel(i)).isEqualTo(panels.panel(i));
      }
    }
  }
}
