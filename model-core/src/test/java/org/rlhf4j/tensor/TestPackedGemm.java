package org.rlhf4j.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TestPackedGemm {
  private static final double TOLERANCE = 1e-4;
  private static final int ALL = 370; // rows: blocks for each of three threads, and one more

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
    "36, 250, 40",
    "260, 20, 90",
    "390, 33, 300"
  })
  void addsTheProduct(int rows, int inputs, int outputs) {
    Optional<Floats> bias = Optional.of(random(1, outputs, 4).values());
    Optional<Matrix> residual = Optional.of(random(rows, outputs + 3, 5).columns(1, outputs));
    for (Addend addend :
        List.of(
            Addend.NONE,
            new Addend(bias, Optional.empty()),
            new Addend(Optional.empty(), residual),
            new Addend(bias, residual))) {
      addsTheProduct(rows, inputs, outputs, addend);
    }
  }

  private static void addsTheProduct(int rows, int inputs, int outputs, Addend addend) {
    Matrix x = random(rows, inputs, 1);
    Matrix w = random(inputs, outputs, 2);
    Matrix y = random(rows, outputs + 5, 3).columns(2, outputs);
    Matrix before = random(rows, outputs + 5, 3).columns(2, outputs);

    try (CpuKernels kernels = new CpuKernels(2)) {
      kernels.multiplyPacked(x, kernels.pack(w), addend, y);
    }

    for (int row = 0; row < rows; row++) {
      for (int column = 0; column < outputs; column++) {
        double expected = 0;
        if (addend.row().isPresent()) {
          expected += addend.row().get().at(column);
        }
        if (addend.rows().isPresent()) {
          expected += at(addend.rows().get(), row, column);
        }
        for (int k = 0; k < inputs; k++) {
          expected += (double) at(x, row, k) * at(w, k, column);
        }
        assertThat((double) at(y, row, column)).isCloseTo(expected, within(TOLERANCE));
      }
      assertThat(at(y, row, outputs)).isEqualTo(at(before, row, outputs)); // beside the view
    }
  }

  @Test
  void theResultMayTakeThePlaceOfTheAddend() {
    Matrix x = random(300, 20, 1);
    Matrix w = random(20, 50, 2);
    Matrix y = random(300, 50, 3);
    Matrix other = Matrix.of(Floats.allocate(300 * 50), 300, 50);

    try (CpuKernels kernels = new CpuKernels(2)) {
      Addend addend = new Addend(Optional.empty(), Optional.of(y));
      kernels.multiplyPacked(x, kernels.pack(w), addend, other);
      kernels.multiplyPacked(x, kernels.pack(w), addend, y);
    }

    for (int i = 0; i < 300 * 50; i++) {
      assertThat(y.values().at(i)).isEqualTo(other.values().at(i));
    }
  }

  @Test
  void rowsDoNotDependOnEachOther() {
    Matrix x = random(ALL, 48, 1);
    Matrix w = random(48, 90, 2);

    try (CpuKernels one = new CpuKernels(1);
        CpuKernels three = new CpuKernels(3)) {
      Matrix all = Matrix.of(Floats.allocate(ALL * 90L), ALL, 90);
      three.multiplyPacked(x, three.pack(w), Addend.NONE, all);
      for (int count : new int[] {1, 2, 5, 12, 30, 250}) {
        Matrix some = Matrix.of(Floats.allocate(count * 90L), count, 90);
        one.multiplyPacked(x.rows(7, count), one.pack(w), Addend.NONE, some);
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
