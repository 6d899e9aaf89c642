package org.rlhf4j.config;

import static org.rlhf4j.config.ConfigException.check;

/** The policy's loss in the on-policy loop; a part of the section ppo. */
public record PolicyObjectiveConfig(
    @Config(value = "objective", doc = "Policy objective; auto is that of ppo.algorithm")
        Objective objective,
    @Config(
            value = "clip-range",
            doc = "Ratio is clipped to [1-x, 1+x]; Schulman et al. 2017, eq. 7")
        double clipRange,
    @Config(
            value = "dual-clip",
            doc =
                "The loss of a negative advantage is at most x times its size; Ye et al. 2020, eq. 5; 0 means none")
        double dualClip,
    @Config(
            value = "old-kl-coefficient",
            doc =
                "ppo-kl: first weight of the KL to the policy that sampled; Schulman et al. 2017, eq. 8")
        double oldKlCoefficient,
    @Config(
            value = "old-kl-target",
            doc =
                "ppo-kl: KL of one iteration's update that the weight is halved or doubled for, nats per token")
        double oldKlTarget,
    @Config(
            value = "entropy-coefficient",
            doc = "Weight of the entropy bonus in the loss; 0 means none")
        double entropyCoefficient,
    @Config(
            value = "entropy-schedule",
            doc = "The bonus over the run: constant, or linear, which falls to 0 at its end")
        EntropySchedule entropySchedule,
    @Config(
            value = "loss-aggregation",
            doc = "Mean over the minibatch's tokens, or over its responses' means")
        Aggregation lossAggregation) {

  /** What turns advantages into a loss. */
  public enum Objective {
    AUTO,
    POLICY_GRADIENT,
    PPO_CLIP,
    PPO_KL,
    TRPO,
    PREFERENCE
  }

  /** What the loss is the mean over. */
  public enum Aggregation {
    TOKENS,
    RESPONSES
  }

  /** What becomes of the entropy bonus over the run. */
  public enum EntropySchedule {
    CONSTANT,
    LINEAR
  }

  public static final PolicyObjectiveConfig DEFAULTS =
      new PolicyObjectiveConfig(
          Objective.AUTO, 0.2, 0.0, 1.0, 0.01, 0.0, EntropySchedule.CONSTANT, Aggregation.TOKENS);

  public PolicyObjectiveConfig {
    check(clipRange > 0 && clipRange < 1, "ppo.clip-range must be in (0, 1), but is %s", clipRange);
    check(
        dualClip == 0 || dualClip > 1,
        "ppo.dual-clip must be above 1, or 0 for none, but is %s",
        dualClip);
    check(
        oldKlCoefficient > 0,
        "ppo.old-kl-coefficient must be positive, but is %s",
        oldKlCoefficient);
    check(oldKlTarget > 0, "ppo.old-kl-target must be positive, but is %s", oldKlTarget);
    check(
        entropyCoefficient >= 0,
        "ppo.entropy-coefficient must not be negative, but is %s",
        entropyCoefficient);
  }

  /** The same with the objective named, should it have been left to the algorithm. */
  public PolicyObjectiveConfig of(PpoConfig.Algorithm algorithm) {
    return withObjective(objective == Objective.AUTO ? algorithm.objective() : objective);
  }

  /** The same with another objective. */
  public PolicyObjectiveConfig withObjective(Objective other) {
    return new PolicyObjectiveConfig(
        other,
        clipRange,
        dualClip,
        oldKlCoefficient,
        oldKlTarget,
        entropyCoefficient,
        entropySchedule,
        lossAggregation);
  }
}
