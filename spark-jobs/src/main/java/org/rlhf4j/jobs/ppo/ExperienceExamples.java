package org.rlhf4j.jobs.ppo;

import java.util.List;
import org.rlhf4j.data.dataset.Experience;
import org.rlhf4j.decoder.TokenSequence;
import org.rlhf4j.dl4j.TrainingExample;

/** Experience as training examples; labels stand in the order of the objectives' channels. */
final class ExperienceExamples {
  private ExperienceExamples() {}

  /** Targets are the response tokens; channels are the labels'. */
  static TrainingExample forPolicy(Experience experience, PolicyLabels labels) {
    return example(experience, experience.promptTokens().length, labels.of(experience));
  }

  /**
   * Targets are the positions before each response token is emitted; channels old_value, return.
   */
  static TrainingExample forCritic(Experience experience) {
    return forCritic(experience, experience.promptTokens().length - 1);
  }

  /** Targets are the response tokens, for a critic of actions; channels old_value, return. */
  static TrainingExample forActionCritic(Experience experience) {
    return forCritic(experience, experience.promptTokens().length);
  }

  private static TrainingExample forCritic(Experience experience, int firstTarget) {
    return example(experience, firstTarget, experience.oldValues(), experience.returns());
  }

  private static TrainingExample example(
      Experience experience, int firstTarget, float[]... channels) {
    int[] tokens =
        new TokenSequence(experience.promptTokens(), experience.responseTokens()).tokens();
    int[] targets = new int[experience.responseTokens().length];
    for (int t = 0; t < targets.length; t++) {
      targets[t] = firstTarget + t;
    }
    return new TrainingExample(
        experience.rolloutId(), List.of(new TrainingExample.Sequence(tokens, targets, channels)));
  }
}
