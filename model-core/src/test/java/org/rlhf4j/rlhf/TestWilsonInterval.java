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

  /** Without a limit, rounding leads out of it for some numbers of trials. */
  @Test
  void noShareLeavesTheUnitInterval() {
    for (int trials = 1; trials < 1000; trials++) {
      assertThat(WilsonInterval.of(1, trials).high())
          .isLessThanOrEqualTo(1)
          .isCloseTo(1, within(FOUR_DIGITS));
      assertThat(WilsonInterval.of(0, trials).low())
          .isGreaterThanOrEqualTo(0)
          .isCloseTo(0, within(FOUR_DIGITS));
    }
  }
}
