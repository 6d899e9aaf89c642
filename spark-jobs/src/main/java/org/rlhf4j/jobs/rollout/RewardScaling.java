package org.rlhf4j.jobs.rollout;

import java.io.Serializable;
import org.rlhf4j.config.AdvantagesConfig;
import org.rlhf4j.rlhf.Moments;
import org.rlhf4j.rlhf.Whitening;

/**
 * What happens to scores and rewards before advantages are estimated. Moments are those of the
 * whole iteration; none means that they are not asked for, or not known yet.
 *
 * @param clip scores end within +- this; 0 means no clipping
 * @param scores scores are divided by their deviation
 * @param rewards per-token rewards get variance 1 around their mean
 */
record RewardScaling(double clip, Moments scores, Moments rewards) implements Serializable {
  private static final double EPSILON = 1e-8;

  static RewardScaling of(AdvantagesConfig config) {
    return new RewardScaling(config.scoreClip(), Moments.NONE, Moments.NONE);
  }

  RewardScaling withScores(Moments moments) {
    return new RewardScaling(clip, moments, rewards);
  }

  RewardScaling withRewards(Moments moments) {
    return new RewardScaling(clip, scores, moments);
  }

  double score(double score) {
    double scaled = scores.count() == 0 ? score : score / Math.sqrt(scores.variance() + EPSILON);
    return clip > 0 ? Math.max(-clip, Math.min(clip, scaled)) : scaled;
  }

  /**
   * @param unscaled [T]
   */
  float[] rewards(float[] unscaled) {
    return rewards.count() == 0 ? unscaled : Whitening.whitenKeepingMean(unscaled, rewards);
  }
}
