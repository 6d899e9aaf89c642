package org.rlhf4j.rlhf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

/** Expected numbers: lm-human-preferences, biased variance. */
class TestWhitening {
  private static final Offset<Float> FLOAT = within(1e-6f);
  private static final Offset<Double> ROUNDING = within(1e-12);
  private static final float[][] WHITENED = {
    {-1.84701044f, -.50013722f, -.01830266f, .92565742f, 1.60732404f},
    {.55963209f, .03652705f, -.76369029f}
  };

  @Test
  void whitensOverAllTokensOfAllResponses() {
    float[][] advantages = TestGeneralizedAdvantage.ADVANTAGES;
    Moments moments = Moments.of(advantages[0]).merge(Moments.of(advantages[1]));
    for (int response = 0; response < advantages.length; response++) {
      assertThat(Whitening.whiten(advantages[response], moments))
          .containsExactly(WHITENED[response], FLOAT);
    }
  }

  @Test
  void keepsTheMeanWhenAsked() {
    float[] values = {1.2f, 1.3f, 1.4f, 1.5f, 1.6f, 1.7f, 1.8f, 1.9f, 2.0f};
    assertThat(Whitening.whitenKeepingMean(values, Moments.of(values)))
        .containsExactly(
            new float[] {
              .05080678f,
              .43810508f,
              .82540339f,
              1.21270169f,
              1.6f,
              1.98729831f,
              2.37459661f,
              2.76189492f,
              3.14919322f
            },
            FLOAT);
  }

  @Test
  void equalNumbersBecomeZero() {
    float[] values = {3f, 3f, 3f};
    assertThat(Whitening.whiten(values, Moments.of(values))).containsExactly(0f, 0f, 0f);
  }

  @Test
  void standardErrorIsOfASample() {
    Moments moments = Moments.of(new float[] {1f, 2f, 4f});
    assertThat(moments.variance()).isCloseTo(14.0 / 9, ROUNDING);
    assertThat(moments.sampleVariance()).isCloseTo(7.0 / 3, ROUNDING);
    assertThat(moments.standardError()).isCloseTo(Math.sqrt(7.0 / 9), ROUNDING);
    assertThat(Moments.of(5.0).standardError()).isZero();
  }

  @Test
  void momentsOfPartsMergeIntoThoseOfTheWhole() {
    Moments whole = Moments.of(new float[] {1f, 2f, 4f, 8f, 16f, 1000f});
    Moments merged =
        Moments.NONE
            .merge(Moments.of(new float[] {1f}))
            .merge(Moments.of(new float[] {2f, 4f, 8f}))
            .merge(Moments.NONE)
            .merge(Moments.of(new float[] {16f, 1000f}));
    assertThat(merged.count()).isEqualTo(6);
    assertThat(merged.mean()).isCloseTo(whole.mean(), ROUNDING);
    assertThat(merged.variance()).isCloseTo(whole.variance(), within(1e-9));
  }
}
