package org.rlhf4j.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class TestKernelSet {
  @AfterEach
  void forget() {
    System.clearProperty(KernelSet.PROPERTY);
  }

  @Test
  void followsTheBackendUnlessNamed() {
    assertThat(KernelSet.backendIsCuda()).isFalse(); // these tests' own build
    assertThat(Floats.allocate(3).kernels()).isEqualTo(KernelSet.CPU);
    System.setProperty(KernelSet.PROPERTY, "nd4j");
    assertThat(Floats.allocate(3).kernels()).isEqualTo(KernelSet.ND4J);
  }

  @Test
  void refusesAnUnknownName() {
    System.setProperty(KernelSet.PROPERTY, "gpu");
    assertThatThrownBy(KernelSet::current)
        .hasMessage("rlhf4j.kernels must be cpu or nd4j, but is 'gpu'; correct or remove it");
  }

  @ParameterizedTest
  @EnumSource(KernelSet.class)
  void refusesTheMemoryOfTheOtherKernels(KernelSet set) {
    KernelSet other = set == KernelSet.CPU ? KernelSet.ND4J : KernelSet.CPU;
    Matrix elsewhere = Matrix.of(other.allocate(4), 2, 2);
    try (Kernels kernels = set.kernels(1)) {
      assertThatThrownBy(() -> kernels.clear(elsewhere))
          .isInstanceOfAny(IllegalArgumentException.class, IllegalStateException.class)
          .hasMessageContaining("These values");
    }
  }
}
