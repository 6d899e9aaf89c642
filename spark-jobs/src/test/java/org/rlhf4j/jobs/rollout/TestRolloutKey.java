package org.rlhf4j.jobs.rollout;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class TestRolloutKey {
  /** A resumed run must find the same keys, also with another version: never change these. */
  @Test
  void staysWhatItWas() {
    assertThat(RolloutKey.of(7, 12, "prompt", 1))
        .isEqualTo(new RolloutKey("45d9c90b433fbc059134487b1c3a1305", -8783271690967863377L));
  }

  @Test
  void everyPartOfTheIdentityCounts() {
    RolloutKey key = RolloutKey.of(7, 12, "prompt", 1);
    assertThat(RolloutKey.of(8, 12, "prompt", 1)).isNotEqualTo(key);
    assertThat(RolloutKey.of(7, 13, "prompt", 1)).isNotEqualTo(key);
    assertThat(RolloutKey.of(7, 12, "other", 1)).isNotEqualTo(key);
    assertThat(RolloutKey.of(7, 12, "prompt", 2)).isNotEqualTo(key);
  }

  @Test
  void partsAreKeptApart() {
    assertThat(StableHash.of("a", "bc")).isNotEqualTo(StableHash.of("ab", "c"));
    assertThat(StableHash.of(1, 23)).isNotEqualTo(StableHash.of(12, 3));
  }
}
