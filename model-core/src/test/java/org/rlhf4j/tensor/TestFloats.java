package org.rlhf4j.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

@ParameterizedClass
@EnumSource(KernelSet.class)
class TestFloats {
  @Parameter private KernelSet kernels;

  @Test
  void newValuesAreZero() {
    Floats floats = kernels.allocate(100);

    for (int i = 0; i < 100; i++) {
      assertThat(floats.at(i)).isZero();
    }
  }

  @Test
  void slicesShareMemory() {
    Floats floats = kernels.allocate(10);
    Floats slice = floats.slice(3, 4);

    slice.copyFrom(new float[] {9, 1, 2}, 1, 1, 2);

    assertThat(floats.at(4)).isEqualTo(1f);
    assertThat(floats.at(5)).isEqualTo(2f);
    float[] copy = new float[3];
    floats.copyTo(4, copy, 1, 2);
    assertThat(copy).containsExactly(0f, 1f, 2f);
  }

  @Test
  void refusesWhatLiesOutside() {
    Floats floats = kernels.allocate(10);

    assertThatThrownBy(() -> floats.slice(8, 3)).isInstanceOf(IndexOutOfBoundsException.class);
    assertThatThrownBy(() -> floats.at(10)).isInstanceOf(IndexOutOfBoundsException.class);
    assertThatThrownBy(() -> floats.copyFrom(new float[4], 0, 7, 4))
        .isInstanceOf(IndexOutOfBoundsException.class);
  }

  @Test
  void sharesTheValuesOfAnNd4jView() {
    INDArray array = Nd4j.arange(12).castTo(org.nd4j.linalg.api.buffer.DataType.FLOAT);
    INDArray row = array.reshape(3, 4).getRow(1);

    Floats floats = kernels.share(row);
    floats.set(0, 40f);

    assertThat(floats.length()).isEqualTo(4);
    assertThat(floats.at(3)).isEqualTo(7f);
    assertThat(array.getFloat(4)).isEqualTo(40f);
  }

  @Test
  void refusesAnNd4jColumn() {
    INDArray column = Nd4j.zeros(3, 4).getColumn(1);

    assertThatThrownBy(() -> kernels.share(column))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("contiguous");
  }

  @Test
  void copiesBetweenMemories() {
    for (KernelSet other : KernelSet.values()) {
      Floats source = other.allocate(100_000); // more than a piece of a copy
      source.set(1, 5f);
      source.set(99_999, 7f);
      Floats target = kernels.allocate(100_003);
      target.copyFrom(source, 3);
      assertThat(target.at(4)).isEqualTo(5f);
      assertThat(target.at(100_002)).isEqualTo(7f);
      assertThat(target.at(2)).isZero();
    }
  }

  @Test
  void knowsItsOwnMemory() {
    Floats floats = kernels.allocate(10);
    assertThat(floats.slice(2, 4).isSameMemoryAs(floats.slice(2, 4))).isTrue();
    assertThat(floats.slice(2, 4).isSameMemoryAs(floats.slice(2, 5))).isFalse();
    assertThat(floats.slice(2, 4).isSameMemoryAs(floats.slice(3, 4))).isFalse();
    assertThat(floats.isSameMemoryAs(kernels.allocate(10))).isFalse();
  }

  @Test
  void cpuValuesAreAlignedBytes() {
    Floats floats = KernelSet.CPU.allocate(100);
    floats.set(2, 3f);

    assertThat(floats.address() % 64).isZero();
    assertThat(floats.bytes().getFloat(2 * Float.BYTES)).isEqualTo(3f);
  }
}
