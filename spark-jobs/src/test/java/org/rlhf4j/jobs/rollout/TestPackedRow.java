package org.rlhf4j.jobs.rollout;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.rlhf4j.data.dataset.Score;

class TestPackedRow {
  private static final float[] AWKWARD = {-0f, Float.NaN, Float.MIN_VALUE, -1.0000001f};

  @Test
  void rowsSurviveToTheLastBit() {
    RolloutTokens rollout =
        new RolloutTokens(
            "id",
            "prompt \u2603",
            new int[0],
            new int[] {Integer.MIN_VALUE, -1, 7},
            AWKWARD,
            Optional.empty(),
            Optional.of(new float[] {2}));
    Score score = new Score("id", 3, -1.0 / 3, Optional.of("missing_end"), Optional.of(0.1));
    ScoredRollout scored = PackedRow.scored("id", PackedRow.of(rollout), PackedRow.of(score));
    assertSame(scored.rollout(), rollout);
    assertThat(scored.score()).isEqualTo(-1.0 / 3);
    assertThat(scored.deviation()).contains(0.1);
  }

  @Test
  void whatIsNotThereStaysSo() {
    RolloutTokens rollout =
        new RolloutTokens(
            "",
            "",
            new int[] {1},
            new int[0],
            new float[0],
            Optional.of(AWKWARD),
            Optional.empty());
    Score score = new Score("", 1, 1, Optional.empty());
    ScoredRollout scored = PackedRow.scored("", PackedRow.of(rollout), PackedRow.of(score));
    assertSame(scored.rollout(), rollout);
    assertThat(scored.deviation()).isEmpty();
    assertThat(PackedRow.isScore(PackedRow.of(score))).isTrue();
    assertThat(PackedRow.isScore(PackedRow.of(rollout))).isFalse();
  }

  /** To the bit: comparisons of fields would allow for rounding. */
  private static void assertSame(RolloutTokens actual, RolloutTokens expected) {
    assertThat(actual.rolloutId()).isEqualTo(expected.rolloutId());
    assertThat(actual.promptId()).isEqualTo(expected.promptId());
    assertThat(actual.promptTokens()).containsExactly(expected.promptTokens());
    assertThat(actual.responseTokens()).containsExactly(expected.responseTokens());
    assertThat(bits(actual.logprobs())).containsExactly(bits(expected.logprobs()));
    assertThat(actual.refLogprobs().map(TestPackedRow::bits).map(Arrays::toString))
        .isEqualTo(expected.refLogprobs().map(TestPackedRow::bits).map(Arrays::toString));
    assertThat(actual.values().map(TestPackedRow::bits).map(Arrays::toString))
        .isEqualTo(expected.values().map(TestPackedRow::bits).map(Arrays::toString));
  }

  private static int[] bits(float[] values) {
    int[] bits = new int[values.length];
    for (int i = 0; i < bits.length; i++) {
      bits[i] = Float.floatToRawIntBits(values[i]);
    }
    return bits;
  }
}
