package org.rlhf4j.objective;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.rlhf4j.metrics.Metric;

class TestPretrainingMix {
  private static final double FINITE_DIFFERENCE = 2e-4;
  private static final double ROUNDING = 1e-6;
  private static final double COEFFICIENT = 0.3;
  private static final float[] NO_ENTROPIES = {};

  // A response of two tokens, two pretraining rows, a response of one token.
  private static final int[] LENGTHS = {2, 2, 1, 1};
  private static final float[] OUTPUTS = {-1.5f, -.75f, -2, -.5f, -3, -1.25f};
  private static final float[] OLD = {-1.25f, -1, 0, 0, 0, -1.5f};
  private static final float[] ADVANTAGES = {1, -.5f, 0, 0, 0, 2};
  private static final float[] WEIGHTS = {0, 0, .5f, .5f, 2, 0};
  private static final Targets MINIBATCH = Minibatches.responses(LENGTHS, OLD, ADVANTAGES, WEIGHTS);

  private static PolicyObjective policy(LossAggregation aggregation) {
    return new PolicyObjective(
        new PpoClip(0.2, 0), aggregation, EntropyBonus.NONE, ReferenceKl.NONE);
  }

  @ParameterizedTest
  @EnumSource(LossAggregation.class)
  void gradientIsThatOfTheLoss(LossAggregation aggregation) {
    PretrainingMix mix = new PretrainingMix(policy(aggregation), COEFFICIENT);
    assertThat(Minibatches.gradientError(mix, OUTPUTS, MINIBATCH)).isLessThan(FINITE_DIFFERENCE);
  }

  @ParameterizedTest
  @EnumSource(LossAggregation.class)
  void thePolicysOwnTokensAreSeenAlone(LossAggregation aggregation) {
    PretrainingMix mix = new PretrainingMix(policy(aggregation), COEFFICIENT);
    Evaluated mixed = Evaluated.of(mix, OUTPUTS, MINIBATCH);
    Targets own =
        Minibatches.responses(
            new int[] {2, 1}, new float[] {-1.25f, -1, -1.5f}, new float[] {1, -.5f, 2});
    Evaluated alone = Evaluated.of(policy(aggregation), new float[] {-1.5f, -.75f, -1.25f}, own);

    assertThat(new float[] {mixed.gradient[0], mixed.gradient[1], mixed.gradient[5]})
        .containsExactly(alone.gradient);
    double whole = aggregation == LossAggregation.TOKENS ? 3 : 2;
    double likelihood = .5 * 2 + .5 * .5 + 2 * 3; // weighted, negative, of the rows
    assertThat(mixed.loss).isCloseTo(alone.loss + .3 * likelihood / whole, within(ROUNDING));
    assertThat(mixed.gradient[4]).isCloseTo((float) (-.3 * 2 / whole), within((float) ROUNDING));
    assertThat(mix.metrics(mixed.statistics))
        .containsEntry(Metric.PRETRAINING_LOSS.key(), likelihood / 3)
        .containsEntry(
            Metric.RATIO_MAX.key(),
            policy(aggregation).metrics(alone.statistics).get(Metric.RATIO_MAX.key()))
        .containsEntry(
            Metric.POLICY_LOSS.key(),
            policy(aggregation).metrics(alone.statistics).get(Metric.POLICY_LOSS.key()));
  }

  /** As workers average: the gradients of parts, weighed by what their losses are divided by. */
  @Test
  void partsAddUpToTheWhole() {
    PretrainingMix mix = new PretrainingMix(policy(LossAggregation.TOKENS), COEFFICIENT);
    Evaluated whole = Evaluated.of(mix, OUTPUTS, MINIBATCH);
    Evaluated left = part(mix, 0, 4, new int[] {2, 2});
    Evaluated right = part(mix, 4, 6, new int[] {1, 1});
    double[] merged = left.statistics.clone();
    mix.merge(merged, right.statistics);
    assertThat(merged).containsExactly(whole.statistics, within(ROUNDING));
    double leftShare = left.statistics[Objective.WEIGHT] / merged[Objective.WEIGHT];
    assertThat(leftShare * left.gradient[2]).isCloseTo(whole.gradient[2], within(ROUNDING));
    assertThat((1 - leftShare) * right.gradient[0]).isCloseTo(whole.gradient[4], within(ROUNDING));
  }

  /** The Fisher information of a trust region is that of the sampled tokens. */
  @Test
  void withoutTheTermPretrainingTokensHaveNoSay() {
    PretrainingMix mix = new PretrainingMix(policy(LossAggregation.TOKENS), COEFFICIENT);
    Evaluated kl = Evaluated.of(mix.without(new OldPolicyKl()), OUTPUTS, MINIBATCH);
    for (int k = 2; k <= 4; k++) {
      assertThat(Math.abs(kl.gradient[k])).isEqualTo(0f);
    }
    assertThat(kl.gradient[0]).isCloseTo((float) (Math.expm1(-.25) / 3), within(1e-6f));
    assertThat(kl.statistics[Objective.WEIGHT]).isEqualTo(3);
  }

  private static Evaluated part(Objective objective, int from, int to, int[] lengths) {
    return Evaluated.of(
        objective,
        Arrays.copyOfRange(OUTPUTS, from, to),
        Minibatches.responses(
            lengths,
            Arrays.copyOfRange(OLD, from, to),
            Arrays.copyOfRange(ADVANTAGES, from, to),
            Arrays.copyOfRange(WEIGHTS, from, to)));
  }

  private static final class Evaluated {
    private final float[] gradient;
    private final double[] statistics;
    private final double loss;

    private Evaluated(Objective objective, float[] outputs, Targets targets) {
      gradient = new float[outputs.length];
      statistics = new double[objective.statistics().length];
      loss = objective.evaluate(outputs, NO_ENTROPIES, targets, gradient, statistics);
    }

    static Evaluated of(Objective objective, float[] outputs, Targets targets) {
      return new Evaluated(objective, outputs, targets);
    }
  }
}
