package org.rlhf4j.jobs.train;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.rlhf4j.config.DataConfig.OverLength;

class TestSequenceLimits {
  private static final int END = 99;

  private static SequenceLimits limits(OverLength overLength) {
    return new SequenceLimits(3, 2, 10, overLength);
  }

  @Test
  void whatFitsIsKeptAsItIs() {
    SequenceLimits limits = limits(OverLength.QUARANTINE);
    assertThat(limits.response(new int[] {1, 2, END}).orElseThrow()).containsExactly(1, 2, END);
    assertThat(limits.prompt(new int[] {4, 5, 6}, 3).orElseThrow()).containsExactly(4, 5, 6);
  }

  @Test
  void quarantineLeavesOut() {
    SequenceLimits limits = limits(OverLength.QUARANTINE);
    assertThat(limits.response(new int[] {1, 2, 3, END})).isEmpty();
    assertThat(limits.prompt(new int[] {4, 5, 6, 7}, 3)).isEmpty();
  }

  @Test
  void promptsLoseTheNamedSideAndResponsesTheirEnd() {
    int[] prompt = {4, 5, 6, 7};
    SequenceLimits left = limits(OverLength.TRUNCATE_LEFT);
    SequenceLimits right = limits(OverLength.TRUNCATE_RIGHT);
    assertThat(left.prompt(prompt, 3).orElseThrow()).containsExactly(5, 6, 7);
    assertThat(right.prompt(prompt, 3).orElseThrow()).containsExactly(4, 5, 6);
    // Two tokens are allowed; there is no end token, since a cut response does not end.
    assertThat(left.response(new int[] {1, 2, 3, END}).orElseThrow()).containsExactly(1, 2);
  }

  @Test
  void theModelsContextIsALimitOfItsOwn() {
    SequenceLimits limits = new SequenceLimits(0, 0, 6, OverLength.TRUNCATE_LEFT);
    assertThat(limits.prompt(new int[] {1, 2, 3, 4}, 4).orElseThrow()).containsExactly(3, 4);
    assertThat(limits.response(new int[] {1, 2, 3, 4, 5, 6, 7, END}).orElseThrow()).hasSize(5);
    // The text fits, its end token does not: it is cut to the text.
    assertThat(limits.response(new int[] {1, 2, 3, 4, 5, END}).orElseThrow())
        .containsExactly(1, 2, 3, 4, 5);
  }
}
