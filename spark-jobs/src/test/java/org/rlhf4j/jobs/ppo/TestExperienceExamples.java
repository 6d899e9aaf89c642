package org.rlhf4j.jobs.ppo;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.rlhf4j.data.dataset.Experience;
import org.rlhf4j.dl4j.TrainingExample;
import org.rlhf4j.objective.PpoClip;
import org.rlhf4j.objective.ValueLoss;

class TestExperienceExamples {
  private static final float[] OLD_LOGPROBS = {-1f, -2f};
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
          RETURNS);

  @Test
  void policyLearnsTheResponseTokens() {
    TrainingExample.Sequence sequence = ExperienceExamples.forPolicy(EXPERIENCE).sequences().get(0);
    assertThat(sequence.tokens()).containsExactly(7, 8, 9, 10, 11);
    assertThat(sequence.targets()).containsExactly(3, 4);
    assertThat(new PpoClip(0.2, 0).channels()).containsExactly("old_logprob", "advantage");
    assertThat(sequence.channels()).isDeepEqualTo(new float[][] {OLD_LOGPROBS, ADVANTAGES});
  }

  @Test
  void criticLearnsThePositionsBeforeThem() {
    TrainingExample.Sequence sequence = ExperienceExamples.forCritic(EXPERIENCE).sequences().get(0);
    assertThat(sequence.targets()).containsExactly(2, 3);
    assertThat(new ValueLoss(0.2).channels()).containsExactly("old_value", "return");
    assertThat(sequence.channels()).isDeepEqualTo(new float[][] {OLD_VALUES, RETURNS});
  }
}
