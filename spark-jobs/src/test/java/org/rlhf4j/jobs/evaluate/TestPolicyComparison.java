package org.rlhf4j.jobs.evaluate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.rlhf4j.data.dataset.Evaluation;
import org.rlhf4j.jobs.JobException;

class TestPolicyComparison {
  private static final double ROUNDING = 1e-12;

  @Test
  void differencesArePairedByPrompt() {
    List<Evaluation> baseline =
        List.of(row("sft", "a", 10), row("sft", "b", 20), row("sft", "c", 30), row("sft", "d", 5));
    List<Evaluation> policy =
        List.of(
            row("policy", "c", 31),
            row("policy", "a", 12),
            row("policy", "b", 20),
            row("policy", "x", 99));
    PolicyComparison comparison = PolicyComparison.of(policy, baseline);
    assertThat(comparison.baseline()).isEqualTo("sft");
    PolicyComparison.Difference difference = comparison.score();
    assertThat(difference.difference().count()).isEqualTo(3);
    assertThat(difference.difference().mean()).isCloseTo(1.0, within(ROUNDING));
    // Differences 2, 0, 1: sample variance 1, over three prompts.
    assertThat(difference.difference().standardError())
        .isCloseTo(Math.sqrt(1.0 / 3), within(ROUNDING));
    assertThat(difference.standardErrors().orElseThrow())
        .isCloseTo(Math.sqrt(3.0), within(ROUNDING));
    assertThat(difference.winRate()).isCloseTo(2.5 / 3, within(ROUNDING));
    assertThat(comparison.goldScore()).isEmpty();
  }

  @Test
  void samplesOfOnePromptAreAveragedFirst() {
    List<Evaluation> baseline = List.of(row("sft", "a", 1), row("sft", "a", 3));
    List<Evaluation> policy = List.of(row("policy", "a", 4));
    PolicyComparison.Difference difference = PolicyComparison.of(policy, baseline).score();
    assertThat(difference.difference().count()).isEqualTo(1);
    assertThat(difference.difference().mean()).isCloseTo(2.0, within(ROUNDING));
  }

  @Test
  void oneDifferenceHasNoStandardErrors() {
    PolicyComparison.Difference difference =
        PolicyComparison.of(List.of(row("policy", "a", 4)), List.of(row("sft", "a", 1))).score();
    assertThat(difference.standardErrors()).isEmpty();
    assertThat(difference.winRate()).isEqualTo(1);
  }

  @Test
  void policiesThatAnswerAlikeHaveNoStandardErrors() {
    List<Evaluation> policy = List.of(row("policy", "a", 4), row("policy", "b", 1));
    List<Evaluation> baseline = List.of(row("sft", "a", 4), row("sft", "b", 1));
    assertThat(PolicyComparison.of(policy, baseline).score().standardErrors()).isEmpty();
  }

  @Test
  void policiesWithoutACommonPromptCannotBeCompared() {
    assertThatThrownBy(
            () -> PolicyComparison.of(List.of(row("policy", "a", 4)), List.of(row("sft", "b", 1))))
        .isInstanceOf(JobException.class)
        .hasMessage(
            "policy and sft answered no prompt in common; lower data.max-prompt-tokens until"
                + " both answer the same ones");
  }

  private static Evaluation row(String checkpoint, String promptId, double score) {
    return new Evaluation(
        checkpoint, promptId, "prompt", "response", score, Optional.empty(), 0.5, 3);
  }
}
