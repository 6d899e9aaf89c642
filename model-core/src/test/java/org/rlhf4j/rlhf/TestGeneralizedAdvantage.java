package org.rlhf4j.rlhf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

/** Expected numbers: OpenRLHF, NeMo-Aligner and verl, which agree; gamma 1, lambda 0.95. */
class TestGeneralizedAdvantage {
  static final Offset<Float> FLOAT = within(2e-7f);
  static final float[][] REWARDS = {{-.10f, .05f, -.02f, .03f, 1.00f}, {.02f, -.04f, .70f}};
  static final float[][] VALUES = {{.50f, .40f, .30f, .20f, .10f}, {-.10f, .00f, .20f}};
  static final float[][] ADVANTAGES = {
    {.31723937f, .54446250f, .62575000f, .78500000f, .90000000f},
    {.72325000f, .63500000f, .50000000f}
  };
  private static final float[][] RETURNS = {
    {.81723937f, .94446250f, .92575000f, .98500000f, 1.00000000f},
    {.62325000f, .63500000f, .70000000f}
  };

  @Test
  void agreesWithReferenceCodes() {
    for (int response = 0; response < REWARDS.length; response++) {
      float[] advantages =
          GeneralizedAdvantage.estimate(REWARDS[response], VALUES[response], 1.0, 0.95);
      assertThat(advantages).containsExactly(ADVANTAGES[response], FLOAT);
      assertThat(GeneralizedAdvantage.returns(advantages, VALUES[response]))
          .containsExactly(RETURNS[response], FLOAT);
    }
  }

  @Test
  void lambdaZeroIsOneStepTemporalDifference() {
    assertThat(
            GeneralizedAdvantage.estimate(
                new float[] {1f, 2f}, new float[] {0.5f, 0.25f}, 0.5, 0.0))
        .containsExactly(new float[] {1f + 0.5f * 0.25f - 0.5f, 2f - 0.25f}, FLOAT);
  }

  @Test
  void refusesArraysOfDifferentResponses() {
    assertThatThrownBy(() -> GeneralizedAdvantage.estimate(new float[3], new float[2], 1.0, 0.95))
        .hasMessage(
            "values has 2 tokens, but rewards has 3: they must belong to the same response");
  }
}
