package org.rlhf4j.dl4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;
import org.rlhf4j.config.OptimizerConfig.Schedule;

class TestLearningRateSchedule {
  private static final double ROUNDING = 1e-12;

  @Test
  void risesLinearlyDuringWarmUp() {
    LearningRateSchedule schedule = new LearningRateSchedule(Schedule.CONSTANT, 0.4, 4, 100);
    assertThat(schedule.valueAt(0, 0)).isCloseTo(0.1, within(ROUNDING));
    assertThat(schedule.valueAt(3, 0)).isCloseTo(0.4, within(ROUNDING));
    assertThat(schedule.valueAt(99, 0)).isEqualTo(0.4);
  }

  @Test
  void fallsToZeroAfterTheLastStep() {
    for (Schedule shape : new Schedule[] {Schedule.LINEAR, Schedule.COSINE}) {
      LearningRateSchedule schedule = new LearningRateSchedule(shape, 0.4, 0, 100);
      assertThat(schedule.valueAt(0, 0)).isEqualTo(0.4);
      assertThat(schedule.valueAt(50, 0)).isCloseTo(0.2, within(ROUNDING));
      assertThat(schedule.valueAt(99, 0)).isPositive();
      assertThat(schedule.valueAt(100, 0)).isCloseTo(0, within(ROUNDING));
      assertThat(schedule.valueAt(1000, 0)).isCloseTo(0, within(ROUNDING));
    }
  }
}
