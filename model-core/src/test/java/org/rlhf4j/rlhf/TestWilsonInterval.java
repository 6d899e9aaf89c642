package org.rlhf4j.rlhf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class TestWilsonInterval {
  private static final double FOUR_DIGITS = 5e-5;

  /** The last is the example of Newcombe 1998 (Statistics in Medicine 17), table I, method 3. */
  @Test
  void equalsPublishedExamples() {
    assertThat(WilsonInterval.of(0.5, 100).low()).isCloseTo(0.4038, within(FOUR_DIGITS));
    assertThat(WilsonInterval.of(0.5, 100).high()).isCloseTo(0.5962, within(FOUR_DIGITS));
    assertThat(WilsonInterval.of(0, 100).low()).isCloseTo(0, within(FOUR_DIGITS));
    assertThat(WilsonInterval.of(0, 100).high()).isCloseTo(0.0370, within(FOUR_DIGITS));
    assertThat(WilsonInterval.of(81.0 / 263, 263).low()).isCloseTo(0.2553, within(FOUR_DIGITS));
    assertThat(WilsonInterval.of(81.0 / 263, 263).high()).isCloseTo(0.3662, within(FOUR_DIGITS));
  }

  @Test
  void noShareLeavesTheUnitInterval() {
    assertThat(WilsonInterval.of(1, 3).high()).isEqualTo(1);
    assertThat(WilsonInterval.of(0, 3).low()).isEqualTo(0);
  }
}
