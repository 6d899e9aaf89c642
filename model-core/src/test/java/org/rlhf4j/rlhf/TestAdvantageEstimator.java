package org.rlhf4j.rlhf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

class TestAdvantageEstimator {
  private static final Offset<Float> FLOAT = within(1e-6f);
  private static final float[] REWARDS = {-.10f, .05f, -.02f, .03f, 1.00f};
  private static final float[] VALUES = {.50f, .40f, .30f, .20f, .10f};
  private static final float[] NONE = new float[5];

  @Test
  void gaeIsThatOfTheReferenceCodes() {
    AdvantageEstimator.Estimate estimate =
        new AdvantageEstimator.Gae(1.0, .95).estimate(REWARDS, VALUES, Moments.NONE);
    assertThat(estimate.advantages())
        .containsExactly(new float[] {.31723937f, .5444625f, .62575f, .785f, .9f}, FLOAT);
    assertThat(estimate.returns())
        .containsExactly(new float[] {.81723937f, .9444625f, .92575f, .985f, 1f}, FLOAT);
  }

  @Test
  void rewardToGoIsGaeWithLambdaOneAndNoValues() {
    AdvantageEstimator.Estimate estimate =
        new AdvantageEstimator.RewardToGo(.9, 0).estimate(REWARDS, NONE, Moments.NONE);
    float[] expected =
        new AdvantageEstimator.Gae(.9, 1.0).estimate(REWARDS, NONE, Moments.NONE).advantages();
    assertThat(estimate.advantages()).containsExactly(expected, FLOAT);
    assertThat(estimate.returns()).containsExactly(expected, FLOAT);
  }

  @Test
  void baselineIsSubtractedFromAdvantagesAlone() {
    AdvantageEstimator.Estimate estimate =
        new AdvantageEstimator.RewardToGo(1, .5).estimate(REWARDS, NONE, Moments.NONE);
    assertThat(estimate.returns())
        .containsExactly(new float[] {.96f, 1.06f, 1.01f, 1.03f, 1f}, FLOAT);
    assertThat(estimate.advantages())
        .containsExactly(new float[] {.46f, .56f, .51f, .53f, .5f}, FLOAT);
  }

  @Test
  void groupsMatchTheGoldenNumbers() {
    double[] scores = {1, 0, .5, .5};
    float[] leaveOneOut = {.66666667f, -.66666667f, 0, 0};
    float[] normalised = {1.2244449445f, -1.2244449445f, 0, 0};
    Moments group = Moments.NONE;
    for (double score : scores) {
      group = group.merge(Moments.of(score));
    }
    for (int i = 0; i < scores.length; i++) {
      float[] rewards = {0, (float) scores[i]};
      assertThat(
              new AdvantageEstimator.LeaveOneOut()
                  .estimate(rewards, new float[2], group)
                  .advantages())
          .containsExactly(new float[] {leaveOneOut[i], leaveOneOut[i]}, FLOAT);
      assertThat(new AdvantageEstimator.Group().estimate(rewards, new float[2], group).advantages())
          .containsExactly(new float[] {normalised[i], normalised[i]}, FLOAT);
    }
  }

  @Test
  void equalRewardsTeachNothing() {
    Moments group = Moments.of(2.0).merge(Moments.of(2.0));
    assertThat(
            new AdvantageEstimator.Group()
                .estimate(new float[] {2}, new float[1], group)
                .advantages())
        .containsExactly(0);
  }

  /** Fixed point of the temporal differences: Q is the reward still to come. */
  @Test
  void qCriticLearnsTheNextTokensValue() {
    AdvantageEstimator.QCritic estimator = new AdvantageEstimator.QCritic(.9);
    assertThat(estimator.estimate(REWARDS, VALUES, Moments.NONE).advantages())
        .containsExactly(VALUES);
    assertThat(estimator.estimate(REWARDS, VALUES, Moments.NONE).returns())
        .containsExactly(new float[] {.26f, .32f, .16f, .12f, 1f}, FLOAT);
    float[] toGo =
        new AdvantageEstimator.RewardToGo(.9, 0).estimate(REWARDS, NONE, Moments.NONE).returns();
    assertThat(estimator.estimate(REWARDS, toGo, Moments.NONE).returns())
        .containsExactly(toGo, FLOAT);
  }
}
