package org.rlhf4j.jobs.rollout;

import java.io.Serializable;
import java.util.Optional;
import org.rlhf4j.data.dataset.Experience;
import org.rlhf4j.data.dataset.Rollout;
import org.rlhf4j.jobs.JobException;
import org.rlhf4j.rlhf.GeneralizedAdvantage;
import org.rlhf4j.rlhf.KlPenalty;
import org.rlhf4j.rlhf.Moments;
import org.rlhf4j.rlhf.Whitening;

/**
 * From a scored rollout to experience: KL penalty, rewards, advantages, returns.
 *
 * @param klCoefficient weight of the KL penalty, score per nat
 */
record ExperienceBuilder(AdvantageSettings settings, double klCoefficient) implements Serializable {

  /** Experience with advantages as they are, not yet whitened. */
  Experience build(ScoredRollout scored) {
    Rollout rollout = scored.rollout();
    int tokens = checkedTokens(rollout);
    float[] refLogprobs =
        checked(rollout.refLogprobs(), tokens, rollout, "ref_logprobs", "--reference");
    float[] values = checked(rollout.values(), tokens, rollout, "values", "--critic");

    float[] kl = KlPenalty.toReference(rollout.logprobs(), refLogprobs, settings.estimator());
    float[] rewards = KlPenalty.shapeRewards(scored.score().score(), kl, klCoefficient);
    float[] advantages =
        GeneralizedAdvantage.estimate(rewards, values, settings.gamma(), settings.gaeLambda());
    float[] returns = GeneralizedAdvantage.returns(advantages, values);
    return new Experience(
        rollout.rolloutId(),
        rollout.promptTokens(),
        rollout.responseTokens(),
        rollout.logprobs(),
        values,
        kl,
        rewards,
        advantages,
        returns);
  }

  /**
   * The same with its advantages whitened, if asked for.
   *
   * @param moments of the advantages of the whole iteration
   */
  Experience whiten(Experience experience, Moments moments) {
    if (settings.whitening() == AdvantageSettings.WhiteningRule.LEAVE) {
      return experience;
    }
    return new Experience(
        experience.rolloutId(),
        experience.promptTokens(),
        experience.responseTokens(),
        experience.oldLogprobs(),
        experience.oldValues(),
        experience.klToReference(),
        experience.rewards(),
        Whitening.whiten(experience.advantages(), moments),
        experience.returns());
  }

  private static int checkedTokens(Rollout rollout) {
    int tokens = rollout.responseTokens().length;
    if (tokens == 0) {
      throw JobException.badInput(
          "Rollout %s has no response tokens; remove it or generate it again", rollout.rolloutId());
    }
    checkLength(rollout.logprobs(), tokens, rollout, "logprobs");
    return tokens;
  }

  private static float[] checked(
      Optional<float[]> column, int tokens, Rollout rollout, String name, String option) {
    if (column.isEmpty()) {
      throw JobException.badInput(
          "Rollout %s has no %s; generate the rollouts with %s", rollout.rolloutId(), name, option);
    }
    checkLength(column.get(), tokens, rollout, name);
    return column.get();
  }

  private static void checkLength(float[] column, int tokens, Rollout rollout, String name) {
    if (column.length != tokens) {
      throw JobException.badInput(
          "Rollout %s has %d %s for %d response tokens; give one number for each token",
          rollout.rolloutId(), column.length, name, tokens);
    }
  }
}
