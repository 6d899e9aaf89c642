package org.rlhf4j.config;

import static org.rlhf4j.config.ConfigException.check;

import org.rlhf4j.config.AdvantagesConfig.Estimator;
import org.rlhf4j.config.PolicyObjectiveConfig.Objective;

/** The on-policy loop and its objective; the section also holds {@link OptimizerConfig}. */
public record PpoConfig(
    @Config(
            value = "algorithm",
            doc =
                "Advantage estimator and policy objective together; advantages.estimator and ppo.objective win over it")
        Algorithm algorithm,
    @Config(value = "iterations", doc = "Sample-and-update cycles") int iterations,
    @Config(value = "responses-per-iteration", doc = "Responses sampled per iteration")
        int responsesPerIteration,
    @Config(
            value = "minibatch-size",
            doc =
                "Responses per gradient step, over all workers; the same as ppo.batch-size, and wins over it when set; 0 means unset")
        int minibatchSize,
    @Config(
            value = "value-clip-range",
            doc = "New values are clipped to old values +- x; 0 means no clipping")
        double valueClipRange,
    @Config(value = "gamma", doc = "Discount per token") double gamma,
    @Config(
            value = "gae-lambda",
            doc = "Lambda of generalised advantage estimation; Schulman et al. 2016, eq. 16")
        double gaeLambda,
    @Config(
            value = "target-kl",
            doc = "Stop an iteration's updates when approx-kl exceeds this; 0 means never")
        double targetKl,
    @Config(
            value = "critic-learning-rate",
            doc = "Learning rate of the critic; 0 means ppo.learning-rate")
        double criticLearningRate,
    @Config(value = "keep-checkpoints", doc = "Newest policy and critic checkpoints to keep")
        int keepCheckpoints) {

  /** The usual pairs of an advantage estimator and a policy objective. */
  public enum Algorithm {
    /** Williams 1992. */
    REINFORCE(Estimator.REWARD_TO_GO, Objective.POLICY_GRADIENT),
    /** Advantage actor-critic: Mnih et al. 2016 (arXiv:1602.01783). */
    A2C(Estimator.GAE, Objective.POLICY_GRADIENT),
    /** Actor-critic whose critic learns Q by temporal differences: Sutton and Barto 2018, 13.5. */
    ACTOR_CRITIC_Q(Estimator.Q_CRITIC, Objective.POLICY_GRADIENT),
    /** Schulman et al. 2015 (arXiv:1502.05477). */
    TRPO(Estimator.GAE, Objective.TRPO),
    /** Schulman et al. 2017 (arXiv:1707.06347), eq. 8. */
    PPO_KL(Estimator.GAE, Objective.PPO_KL),
    /** Schulman et al. 2017 (arXiv:1707.06347), eq. 7. */
    PPO(Estimator.GAE, Objective.PPO_CLIP),
    /** Ahmadian et al. 2024 (arXiv:2402.14740). */
    RLOO(Estimator.LEAVE_ONE_OUT, Objective.POLICY_GRADIENT),
    /** Shao et al. 2024 (arXiv:2402.03300). */
    GRPO(Estimator.GROUP, Objective.PPO_CLIP),
    /** Guo et al. 2024 (arXiv:2402.04792): a loss on pairs of fresh responses. */
    ONLINE_DPO(Estimator.LEAVE_ONE_OUT, Objective.PREFERENCE);

    private final Estimator estimator;
    private final Objective objective;

    Algorithm(Estimator estimator, Objective objective) {
      this.estimator = estimator;
      this.objective = objective;
    }

    public Estimator estimator() {
      return estimator;
    }

    public Objective objective() {
      return objective;
    }
  }

  public static final PpoConfig DEFAULTS =
      new PpoConfig(Algorithm.PPO, 50, 128, 0, 0.2, 1.0, 0.95, 0.0, 0.0, 2);

  public PpoConfig {
    check(iterations > 0, "ppo.iterations must be positive, but is %s", iterations);
    check(
        responsesPerIteration > 1,
        "ppo.responses-per-iteration must be at least 2, but is %s",
        responsesPerIteration);
    check(minibatchSize >= 0, "ppo.minibatch-size must not be negative, but is %s", minibatchSize);
    check(
        valueClipRange >= 0,
        "ppo.value-clip-range must not be negative, but is %s",
        valueClipRange);
    check(gamma >= 0 && gamma <= 1, "ppo.gamma must be in [0, 1], but is %s", gamma);
    check(
        gaeLambda >= 0 && gaeLambda <= 1, "ppo.gae-lambda must be in [0, 1], but is %s", gaeLambda);
    check(targetKl >= 0, "ppo.target-kl must not be negative, but is %s", targetKl);
    check(
        criticLearningRate >= 0,
        "ppo.critic-learning-rate must not be negative, but is %s",
        criticLearningRate);
    check(keepCheckpoints > 0, "ppo.keep-checkpoints must be positive, but is %s", keepCheckpoints);
  }
}
