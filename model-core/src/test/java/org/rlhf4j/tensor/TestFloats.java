package org.rlhf4j.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

class TestFloats {
  @Test
  void newValuesAreZeroAndAligned() {
    Floats floats = Floats.allocate(100);

    assertThat(floats.address() % 64).isZero();
    for (int i = 0; i < 100; i++) {
      assertThat(floats.at(i)).isZero();
    }
  }

  @Test
  void slicesShareMemory() {
    Floats floats = Floats.allocate(10);
    Floats slice = floats.slice(3, 4);

    slice.copyFrom(new float[] {9, 1, 2}, 1, 1, 2);

    assertThat(floats.at(4)).isEqualTo(1f);
    assertThat(floats.at(5)).isEqualTo(2f);
    assertThat(slice.bytes().getFloat(2 * Float.BYTES)).isEqualTo(2f);
    float[] copy = new float[3];
    floats.copyTo(4, copy, 1, 2);
    assertThat(copy).containsExactly(0f, 1f, 2f);
  }

  @Test
  void refusesWhatLiesOutside() {
    Floats floats = Floats.allocate(10);

    assertThatThrownBy(() -> floats.slice(8, 3)).isInstanceOf(IndexOutOfBoundsException.class);
    assertThatThrownBy(() -> floats.at(10)).isInstanceOf(IndexOutOfBoundsException.class);
    assertThatThrownBy(() -> floats.copyFrom(new float[4], 0, 7, 4))
        .isInstanceOf(IndexOutOfBoundsException.class);
  }

  @Test
  void sharesTheValuesOfAnNd4jView() {
    INDArray array = Nd4j.arange(12).castTo(org.nd4j.linalg.api.buffer.DataType.FLOAT);
    INDArray row = array.reshape(3, 4).getRow(1);

    Floats floats = Floats.of(row);
    floats.set(0, 40f);

    assertThat(floats.length()).isEqualTo(4);
    assertThat(floats.at(3)).isEqualTo(7f);
    assertThat(array.getFloat(4)).isEqualTo(40f);
  }

  @Test
  void refusesAnNd4jColumn() {
    INDArray column = Nd4j.zeros(3, 4).getColumn(1);

    assertThatThrownBy(() -> Floats.of(column))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("contiguous");
  }
}
