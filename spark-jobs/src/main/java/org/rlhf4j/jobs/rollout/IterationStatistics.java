package org.rlhf4j.jobs.rollout;

import java.io.Serializable;
import org.rlhf4j.data.dataset.Experience;
import org.rlhf4j.rlhf.KlPenalty;
import org.rlhf4j.rlhf.Moments;

/**
 * Statistics of all responses of one iteration. Parts merge into the whole; merged in {@link
 * ResponseOrder} they have the same bits on any cluster.
 *
 * @param kl sum over tokens of log pi - log pi_ref, one number per response, nats
 * @param score after penalties, per response
 * @param deviation between the members of an ensemble, per response; of one model none
 * @param reward summed per-token rewards, per response
 * @param entropy minus the summed log-probabilities, per response, nats
 * @param length tokens, per response
 * @param advantages unwhitened, per token
 * @param returns per token
 * @param residuals returns - values, per token
 * @param tokenRewards per token
 */
public record IterationStatistics(
    Moments kl,
    Moments score,
    Moments deviation,
    Moments reward,
    Moments entropy,
    Moments length,
    Moments advantages,
    Moments returns,
    Moments residuals,
    Moments tokenRewards)
    implements Serializable {
  static final IterationStatistics NONE =
      new IterationStatistics(
          Moments.NONE,
          Moments.NONE,
          Moments.NONE,
          Moments.NONE,
          Moments.NONE,
          Moments.NONE,
          Moments.NONE,
          Moments.NONE,
          Moments.NONE,
          Moments.NONE);

  /**
   * Of one response.
   *
   * @param experience unwhitened
   */
  static IterationStatistics of(ScoredRollout scored, Experience experience) {
    RolloutTokens rollout = scored.rollout();
    return new IterationStatistics(
        Moments.of(KlPenalty.ofResponse(rollout.logprobs(), rollout.refLogprobs().orElseThrow())),
        Moments.of(scored.score()),
        scored.deviation().map(Moments::of).orElse(Moments.NONE),
        Moments.of(sum(experience.rewards())),
        Moments.of(-sum(rollout.logprobs())),
        Moments.of((double) rollout.responseTokens().length),
        Moments.of(experience.advantages()),
        Moments.of(experience.returns()),
        Moments.of(difference(experience.returns(), experience.oldValues())),
        Moments.of(experience.rewards()));
  }

  IterationStatistics merge(IterationStatistics later) {
    return new IterationStatistics(
        kl.merge(later.kl),
        score.merge(later.score),
        deviation.merge(later.deviation),
        reward.merge(later.reward),
        entropy.merge(later.entropy),
        length.merge(later.length),
        advantages.merge(later.advantages),
        returns.merge(later.returns),
        residuals.merge(later.residuals),
        tokenRewards.merge(later.tokenRewards));
  }

  public long responses() {
    return score.count();
  }

  public long tokens() {
    return advantages.count();
  }

  /** 1 - Var(return - value) / Var(return) over tokens; 0 where the returns do not vary. */
  public double explainedVariance() {
    double variance = returns.variance();
    return variance <= 0 ? 0 : 1 - residuals.variance() / variance;
  }

  private static double sum(float[] values) {
    double sum = 0.0;
    for (float value : values) {
      sum += value;
    }
    return sum;
  }

  private static float[] difference(float[] left, float[] right) {
    float[] difference = new float[left.length];
    for (int i = 0; i < difference.length; i++) {
      difference[i] = left[i] - right[i];
    }
    return difference;
  }
}
