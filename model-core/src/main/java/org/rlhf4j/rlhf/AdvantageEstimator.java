package org.rlhf4j.rlhf;

import static org.rlhf4j.rlhf.GeneralizedAdvantage.checkSameLength;

import java.io.Serializable;
import java.util.Arrays;

/**
 * How much better than expected each token of a response was: one half of an on-policy algorithm,
 * the other being the policy objective. Small, immutable, the same for all responses of an
 * iteration.
 */
public sealed interface AdvantageEstimator extends Serializable {
  /** What an estimator must be told beside the rewards. */
  enum Needs {
    NOTHING,
    /** A critic's numbers. */
    VALUES,
    /** The other responses to the same prompt. */
    GROUP
  }

  /**
   * @param advantages not whitened, [T]
   * @param returns what a critic learns, [T]
   */
  record Estimate(float[] advantages, float[] returns) {}

  Needs needs();

  /**
   * @param rewards per-token rewards of one response, KL penalty included, [T]
   * @param values the critic's numbers, [T]; zeros for an estimator without one
   * @param group moments of the summed rewards of all responses to the prompt, this one included;
   *     {@link Moments#NONE} where not needed
   */
  Estimate estimate(float[] rewards, float[] values, Moments group);

  /**
   * Generalised advantage estimation, Schulman et al. 2016 (arXiv:1506.02438), eq. 16.
   *
   * @param gamma discount per token
   * @param lambda trade-off between bias (0) and variance (1)
   */
  record Gae(double gamma, double lambda) implements AdvantageEstimator {
    @Override
    public Needs needs() {
      return Needs.VALUES;
    }

    @Override
    public Estimate estimate(float[] rewards, float[] values, Moments group) {
      float[] advantages = GeneralizedAdvantage.estimate(rewards, values, gamma, lambda);
      return new Estimate(advantages, GeneralizedAdvantage.returns(advantages, values));
    }
  }

  /**
   * REINFORCE, Williams 1992, with the rewards that follow a token alone (Sutton and Barto 2018,
   * section 13.3) and one number as baseline (section 13.4): {@code A_t = sum_{s >= t} gamma^(s-t)
   * r_s - baseline}.
   *
   * @param gamma discount per token
   * @param baseline of the iteration; 0 means none
   */
  record RewardToGo(double gamma, double baseline) implements AdvantageEstimator {
    @Override
    public Needs needs() {
      return Needs.NOTHING;
    }

    @Override
    public Estimate estimate(float[] rewards, float[] values, Moments group) {
      float[] advantages = new float[rewards.length];
      float[] returns = new float[rewards.length];
      double toGo = 0.0;
      for (int t = rewards.length - 1; t >= 0; t--) {
        toGo = rewards[t] + gamma * toGo;
        returns[t] = (float) toGo;
        advantages[t] = (float) (toGo - baseline);
      }
      return new Estimate(advantages, returns);
    }
  }

  /**
   * RLOO, Kool et al. 2019 and Ahmadian et al. 2024 (arXiv:2402.14740), eq. 8: the response as one
   * action, its summed reward against the mean of the others to the same prompt; the same number at
   * every token.
   */
  record LeaveOneOut() implements AdvantageEstimator {
    @Override
    public Needs needs() {
      return Needs.GROUP;
    }

    @Override
    public Estimate estimate(float[] rewards, float[] values, Moments group) {
      double total = total(rewards);
      double others = (group.count() * group.mean() - total) / (group.count() - 1);
      return everywhere((float) (total - others), rewards.length);
    }
  }

  /**
   * GRPO, Shao et al. 2024 (arXiv:2402.03300), section 4.1.2: the summed reward against mean and
   * standard deviation (unbiased) of all responses to the same prompt; the same number at every
   * token.
   */
  record Group() implements AdvantageEstimator {
    /** Added to the standard deviation, so that equal rewards give advantages of 0. */
    static final double EPSILON = 1e-4;

    @Override
    public Needs needs() {
      return Needs.GROUP;
    }

    @Override
    public Estimate estimate(float[] rewards, float[] values, Moments group) {
      double deviation = Math.sqrt(group.sampleVariance()) + EPSILON;
      return everywhere((float) ((total(rewards) - group.mean()) / deviation), rewards.length);
    }
  }

  /**
   * Actor-critic with a critic of actions (Sutton and Barto 2018, section 13.5, with the Q of
   * section 10.1): the advantage of a token is the critic's {@code Q(s_t, a_t)} itself, and the
   * critic learns {@code r_t + gamma Q(s_t+1, a_t+1)} by temporal differences; after the last token
   * there is nothing.
   *
   * @param gamma discount per token
   */
  record QCritic(double gamma) implements AdvantageEstimator {
    @Override
    public Needs needs() {
      return Needs.VALUES;
    }

    @Override
    public Estimate estimate(float[] rewards, float[] values, Moments group) {
      checkSameLength("values", values.length, "rewards", rewards.length);
      float[] targets = new float[rewards.length];
      double next = 0.0;
      for (int t = rewards.length - 1; t >= 0; t--) {
        targets[t] = (float) (rewards[t] + gamma * next);
        next = values[t];
      }
      return new Estimate(values.clone(), targets);
    }
  }

  /** Sum over tokens, accumulated in their order. */
  static double total(float[] rewards) {
    double total = 0.0;
    for (float reward : rewards) {
      total += reward;
    }
    return total;
  }

  private static Estimate everywhere(float advantage, int tokens) {
    float[] advantages = new float[tokens];
    Arrays.fill(advantages, advantage);
    return new Estimate(advantages, advantages);
  }
}
