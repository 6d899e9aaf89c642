package org.rlhf4j.jobs.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class TestHeldOut {
  private static final double FOUR_DIGITS = 5e-5;

  /** The last is the example of Newcombe 1998 (Statistics in Medicine 17), table I, method 3. */
  @Test
  void intervalIsWilsons() {
    assertThat(HeldOut.wilson(0.5, 100)[0]).isCloseTo(0.4038, within(FOUR_DIGITS));
    assertThat(HeldOut.wilson(0.5, 100)[1]).isCloseTo(0.5962, within(FOUR_DIGITS));
    assertThat(HeldOut.wilson(0, 100)[0]).isCloseTo(0, within(FOUR_DIGITS));
    assertThat(HeldOut.wilson(0, 100)[1]).isCloseTo(0.0370, within(FOUR_DIGITS));
    assertThat(HeldOut.wilson(81.0 / 263, 263)[0]).isCloseTo(0.2553, within(FOUR_DIGITS));
    assertThat(HeldOut.wilson(81.0 / 263, 263)[1]).isCloseTo(0.3662, within(FOUR_DIGITS));
  }
}
