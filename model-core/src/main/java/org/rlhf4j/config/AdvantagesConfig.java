package org.rlhf4j.config;

import static org.rlhf4j.config.ConfigException.check;

import java.io.Serializable;

/** How rewards and advantages are estimated. */
public record AdvantagesConfig(
    @Config(
            value = "estimator",
            doc =
                "Advantage estimator; auto is that of ppo.algorithm. gae and q-critic need a critic, leave-one-out and group"
                    + " need generation.samples-per-prompt of 2 or more")
        Estimator estimator,
    @Config(
            value = "baseline",
            doc =
                "What reward-to-go subtracts: moving-average of the mean returns of the iterations before, or none")
        Baseline baseline,
    @Config(value = "baseline-decay", doc = "Share of the old moving average in the new one")
        double baselineDecay,
    @Config(
            value = "whiten",
            doc =
                "Shift and scale advantages to mean 0 and variance 1 over all response tokens of the iteration;"
                    + " those of leave-one-out and group stay as they are")
        boolean whiten,
    @Config(
            value = "whiten-rewards",
            doc =
                "Scale per-token rewards to variance 1 over all response tokens of the iteration, around their mean")
        boolean whitenRewards,
    @Config(
            value = "scale-scores",
            doc = "Divide scores by their standard deviation over the iteration")
        boolean scaleScores,
    @Config(
            value = "score-clip",
            doc = "Scores, scaled or not, are clipped to +- x; 0 means no clipping")
        double scoreClip)
    implements Serializable {

  /** What turns rewards into advantages. */
  public enum Estimator {
    AUTO,
    GAE,
    REWARD_TO_GO,
    LEAVE_ONE_OUT,
    GROUP,
    Q_CRITIC
  }

  /** What reward-to-go subtracts. */
  public enum Baseline {
    NONE,
    MOVING_AVERAGE
  }

  public static final AdvantagesConfig DEFAULTS =
      new AdvantagesConfig(Estimator.AUTO, Baseline.MOVING_AVERAGE, 0.9, true, false, false, 0.0);

  public AdvantagesConfig {
    check(
        baselineDecay >= 0 && baselineDecay < 1,
        "advantages.baseline-decay must be in [0, 1), but is %s",
        baselineDecay);
    check(scoreClip >= 0, "advantages.score-clip must not be negative, but is %s", scoreClip);
  }

  /** The same with the estimator named, should it have been left to the algorithm. */
  public AdvantagesConfig of(PpoConfig.Algorithm algorithm) {
    return withEstimator(estimator == Estimator.AUTO ? algorithm.estimator() : estimator);
  }

  /** The same with another estimator. */
  public AdvantagesConfig withEstimator(Estimator other) {
    return new AdvantagesConfig(
        other, baseline, baselineDecay, whiten, whitenRewards, scaleScores, scoreClip);
  }
}
