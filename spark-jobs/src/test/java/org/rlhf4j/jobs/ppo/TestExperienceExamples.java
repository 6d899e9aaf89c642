package org.rlhf4j.jobs.ppo;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.rlhf4j.data.dataset.Experience;
import org.rlhf4j.dl4j.TrainingExample;
import org.rlhf4j.objective.EntropyBonus;
import org.rlhf4j.objective.LossAggregation;
import org.rlhf4j.objective.PolicyObjective;
import org.rlhf4j.objective.PpoClip;
import org.rlhf4j.objective.PpoKl;
import org.rlhf4j.objective.ReferenceKl;
import org.rlhf4j.objective.ValueLoss;

class TestExperienceExamples {
  private static final float[] OLD_LOGPROBS = {-1f, -2f};
  private static final float[] REF_LOGPROBS = {-1.5f, -1f};
  private static final float[] OLD_VALUES = {.1f, .2f};
  private static final float[] ADVANTAGES = {.5f, -.5f};
  private static final float[] RETURNS = {.6f, .7f};
  private static final Experience EXPERIENCE =
      new Experience(
          "id",
          new int[] {7, 8, 9},
          new int[] {10, 11},
          OLD_LOGPROBS,
          OLD_VALUES,
          new float[2],
          new float[2],
          ADVANTAGES,
          RETURNS,
          Optional.of(REF_LOGPROBS));

  @Test
  void policyLearnsTheResponseTokens() {
    PolicyObjective objective = PolicyObjective.of(new PpoClip(0.2, 0));
    TrainingExample.Sequence sequence = forPolicy(objective);
    assertThat(sequence.tokens()).containsExactly(7, 8, 9, 10, 11);
    assertThat(sequence.targets()).containsExactly(3, 4);
    assertThat(sequence.channels()).isDeepEqualTo(new float[][] {OLD_LOGPROBS, ADVANTAGES});
  }

  @Test
  void policyIsToldTheWeightsOfThisIteration() {
    PolicyObjective objective =
        new PolicyObjective(
            new PpoKl(), LossAggregation.TOKENS, EntropyBonus.TOKENS, ReferenceKl.K3);
    assertThat(forPolicy(objective).channels())
        .isDeepEqualTo(
            new float[][] {OLD_LOGPROBS, ADVANTAGES, {2, 2}, {.3f, .3f}, REF_LOGPROBS, {.1f, .1f}});
  }

  private static TrainingExample.Sequence forPolicy(PolicyObjective objective) {
    PolicyLabels labels = new PolicyLabels(List.of(objective.channels()), .1, 2, .3);
    return ExperienceExamples.forPolicy(EXPERIENCE, labels).sequences().get(0);
  }

  @Test
  void criticLearnsThePositionsBeforeThem() {
    TrainingExample.Sequence sequence = ExperienceExamples.forCritic(EXPERIENCE).sequences().get(0);
    assertThat(sequence.targets()).containsExactly(2, 3);
    assertThat(new ValueLoss(0.2).channels()).containsExactly("old_value", "return");
    assertThat(sequence.channels()).isDeepEqualTo(new float[][] {OLD_VALUES, RETURNS});
    TrainingExample.Sequence ofActions =
        ExperienceExamples.forActionCritic(EXPERIENCE).sequences().get(0);
    assertThat(ofActions.targets()).containsExactly(3, 4);
    assertThat(ofActions.channels()).isDeepEqualTo(new float[][] {OLD_VALUES, RETURNS});
  }
}
