package org.rlhf4j.jobs.rollout;

import java.io.Serializable;
import java.util.Optional;
import org.rlhf4j.data.dataset.Experience;
import org.rlhf4j.jobs.JobException;
import org.rlhf4j.rlhf.AdvantageEstimator;
import org.rlhf4j.rlhf.AdvantageEstimator.Needs;
import org.rlhf4j.rlhf.KlPenalty;
import org.rlhf4j.rlhf.Moments;
import org.rlhf4j.rlhf.Whitening;

/**
 * From a scored rollout to experience: KL penalty, rewards, advantages, returns.
 *
 * @param klCoefficient weight of the KL penalty, score per nat
 */
record ExperienceBuilder(
    AdvantageSettings settings,
    AdvantageEstimator estimator,
    double klCoefficient,
    RewardScaling scaling)
    implements Serializable {

  /** With scores and rewards as they are. */
  ExperienceBuilder(AdvantageSettings settings, IterationScalars scalars) {
    this(
        settings,
        settings.estimator(scalars.baseline()),
        scalars.klCoefficient(),
        RewardScaling.of(settings.advantages()));
  }

  /** The same with other moments. */
  ExperienceBuilder with(RewardScaling newScaling) {
    return new ExperienceBuilder(settings, estimator, klCoefficient, newScaling);
  }

  /** The same for statistics of scores and rewards alone: needs no critic and no groups. */
  ExperienceBuilder forRewards() {
    return new ExperienceBuilder(
        settings, new AdvantageEstimator.RewardToGo(1.0, 0.0), klCoefficient, scaling);
  }

  /** Per-token rewards, [T]. */
  float[] rewards(ScoredRollout scored) {
    return rewards(scored, kl(scored.rollout()));
  }

  /** Experience with advantages as they are, not yet whitened. */
  Experience build(ScoredRollout scored) {
    RolloutTokens rollout = scored.rollout();
    float[] kl = kl(rollout);
    float[] values = values(rollout);
    checkGroup(scored);
    float[] rewards = rewards(scored, kl);
    AdvantageEstimator.Estimate estimate = estimator.estimate(rewards, values, scored.group());
    return new Experience(
        rollout.rolloutId(),
        rollout.promptTokens(),
        rollout.responseTokens(),
        rollout.logprobs(),
        values,
        kl,
        rewards,
        estimate.advantages(),
        estimate.returns(),
        settings.penalisesRewards() ? Optional.empty() : rollout.refLogprobs());
  }

  /**
   * The same with its advantages whitened, if asked for.
   *
   * @param moments of the advantages of the whole iteration
   */
  Experience whiten(Experience experience, Moments moments) {
    if (!settings.whitens()) {
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
        experience.returns(),
        experience.refLogprobs());
  }

  private float[] kl(RolloutTokens rollout) {
    int tokens = checkedTokens(rollout);
    float[] refLogprobs =
        checked(rollout.refLogprobs(), tokens, rollout, "ref_logprobs", "--reference");
    return KlPenalty.toReference(rollout.logprobs(), refLogprobs, settings.kl().estimator());
  }

  private float[] rewards(ScoredRollout scored, float[] kl) {
    double score = scaling.score(scored.score());
    double coefficient = settings.penalisesRewards() ? klCoefficient : 0.0;
    return scaling.rewards(KlPenalty.shapeRewards(score, kl, coefficient));
  }

  private float[] values(RolloutTokens rollout) {
    int tokens = rollout.responseTokens().length;
    return estimator.needs() == Needs.VALUES
        ? checked(rollout.values(), tokens, rollout, "values", "--critic")
        : new float[tokens];
  }

  private void checkGroup(ScoredRollout scored) {
    if (estimator.needs() == Needs.GROUP && scored.group().count() < 2) {
      throw JobException.badInput(
          "Rollout %s is the only response to its prompt (%s), but leave-one-out and group compare"
              + " several; set generation.samples-per-prompt to 2 or more",
          scored.rollout().rolloutId(), scored.rollout().promptId());
    }
  }

  private static int checkedTokens(RolloutTokens rollout) {
    int tokens = rollout.responseTokens().length;
    if (tokens == 0) {
      throw JobException.badInput(
          "Rollout %s has no response tokens; remove it or generate it again", rollout.rolloutId());
    }
    checkLength(rollout.logprobs(), tokens, rollout, "logprobs");
    return tokens;
  }

  private static float[] checked(
      Optional<float[]> column, int tokens, RolloutTokens rollout, String name, String option) {
    if (column.isEmpty()) {
      throw JobException.badInput(
          "Rollout %s has no %s; generate the rollouts with %s", rollout.rolloutId(), name, option);
    }
    checkLength(column.get(), tokens, rollout, name);
    return column.get();
  }

  private static void checkLength(float[] column, int tokens, RolloutTokens rollout, String name) {
    if (column.length != tokens) {
      throw JobException.badInput(
          "Rollout %s has %d %s for %d response tokens; give one number for each token",
          rollout.rolloutId(), column.length, name, tokens);
    }
  }
}
