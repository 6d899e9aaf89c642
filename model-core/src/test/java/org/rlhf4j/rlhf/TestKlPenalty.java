package org.rlhf4j.rlhf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Random;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.rlhf4j.config.KlConfig.Estimator;

class TestKlPenalty {
  private static final Offset<Float> FLOAT = within(1e-7f);
  private static final float[] LOGPROBS = {-0.7f, -1.5f, -2f};
  private static final float[] REF_LOGPROBS = {-1.0f, -1.0f, -2f};

  @Test
  void estimatorsAgreeWithSchulman() {
    assertThat(KlPenalty.toReference(LOGPROBS, REF_LOGPROBS, Estimator.K1))
        .containsExactly(new float[] {.3f, -.5f, 0f}, FLOAT);
    assertThat(KlPenalty.toReference(LOGPROBS, REF_LOGPROBS, Estimator.K2))
        .containsExactly(new float[] {.045f, .125f, 0f}, FLOAT);
    assertThat(KlPenalty.toReference(LOGPROBS, REF_LOGPROBS, Estimator.K3))
        .containsExactly(new float[] {.04081822f, .14872127f, 0f}, FLOAT);
  }

  /** Whatever the sizes: differences and sums in float have the bits of those in double. */
  @Test
  void floatsRoundAsDoublesDo() {
    Random random = new Random(1);
    float[] left = new float[10_000];
    float[] right = new float[left.length];
    for (int t = 0; t < left.length; t++) {
      left[t] = Math.scalb(random.nextFloat() - 0.5f, random.nextInt(80) - 60);
      right[t] = Math.scalb(random.nextFloat() - 0.5f, random.nextInt(80) - 60);
    }
    float[] kl = KlPenalty.toReference(left, right, Estimator.K1);
    float[] returns = GeneralizedAdvantage.returns(left, right);
    for (int t = 0; t < left.length; t++) {
      assertThat(kl[t]).isEqualTo((float) ((double) left[t] - right[t]));
      assertThat(returns[t]).isEqualTo((float) ((double) left[t] + right[t]));
    }
  }

  @Test
  void responsesKlIsTheSignedSum() {
    assertThat(KlPenalty.ofResponse(LOGPROBS, REF_LOGPROBS)).isCloseTo(-0.2, within(1e-7));
  }

  @Test
  void scoreComesWithTheLastToken() {
    assertThat(KlPenalty.shapeRewards(2.0, new float[] {.3f, -.5f, .1f}, 0.1))
        .containsExactly(new float[] {-.03f, .05f, 1.99f}, FLOAT);
    assertThat(KlPenalty.shapeRewards(2.0, new float[] {.5f}, 0.1))
        .containsExactly(new float[] {1.95f}, FLOAT);
  }
}
