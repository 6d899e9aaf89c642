package org.rlhf4j.jobs.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.rlhf4j.tensor.Floats;

class TestAveraging {
  /** More than one block of the sum. */
  private static final int SIZE = 70_001;

  private static Floats constant(float value) {
    Floats values = Floats.allocate(SIZE);
    for (int i = 0; i < SIZE; i++) {
      values.set(i, value + i);
    }
    return values;
  }

  private static Floats mean(double... weights) {
    Floats mean = Floats.allocate(SIZE);
    Averaging.mean(List.of(constant(1), constant(5)), weights, List.of(mean));
    return mean;
  }

  @Test
  void workersCountByTheirWeight() {
    Floats mean = mean(3, 1);
    assertThat(mean.at(0)).isEqualTo(2);
    assertThat(mean.at(SIZE - 1)).isEqualTo(2 + SIZE - 1);
  }

  @Test
  void withoutAnyWeightAllCountTheSame() {
    assertThat(mean(0, 0).at(7)).isEqualTo(3 + 7);
  }

  @Test
  void theVectorsThemselvesMayBecomeTheMean() {
    Floats one = constant(1);
    Floats other = constant(5);
    Floats mean = Floats.allocate(SIZE);
    Averaging.mean(List.of(one, other), new double[] {1, 1}, List.of(one, other, mean));
    for (Floats target : List.of(one, other, mean)) {
      assertThat(target.at(0)).isEqualTo(3);
      assertThat(target.at(SIZE - 1)).isEqualTo(3 + SIZE - 1);
    }
  }

  @Test
  void nothingHasNoMean() {
    Floats mean = Floats.allocate(SIZE);
    assertThatThrownBy(() -> Averaging.mean(List.of(), new double[0], List.of(mean)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("Nothing has no mean");
  }

  @Test
  void aLoneWorkerIsTakenBitForBit() {
    Floats only = constant(0.1f);
    Floats mean = Floats.allocate(SIZE);
    Averaging.mean(List.of(only), new double[] {0.3}, List.of(only, mean));
    assertThat(mean.at(3)).isEqualTo(only.at(3));
  }
}
