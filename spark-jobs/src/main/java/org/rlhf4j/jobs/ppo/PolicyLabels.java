package org.rlhf4j.jobs.ppo;

import java.io.Serializable;
import java.util.Arrays;
import java.util.List;
import org.rlhf4j.data.dataset.Experience;
import org.rlhf4j.objective.PolicyObjective;

/**
 * What the policy's objective is told about each token of an experience.
 *
 * @param channels names of the objective's channels, in order
 * @param klCoefficient weight of the KL to the reference in this iteration, score per nat
 * @param oldKlCoefficient weight of the KL to the policy that sampled
 * @param entropyCoefficient weight of the entropy bonus in this iteration
 */
record PolicyLabels(
    List<String> channels, double klCoefficient, double oldKlCoefficient, double entropyCoefficient)
    implements Serializable {

  /**
   * @param state before the iteration
   */
  static PolicyLabels of(PpoSettings settings, PpoState state) {
    return new PolicyLabels(
        List.of(settings.policyObjective().channels()),
        state.klCoefficient(),
        state.oldKlCoefficient(),
        settings.entropyCoefficient(state.iteration(), state.steps()));
  }

  /** [C][T]. */
  float[][] of(Experience experience) {
    return channels.stream().map(name -> channel(name, experience)).toArray(float[][]::new);
  }

  private float[] channel(String name, Experience experience) {
    return switch (name) {
      case PolicyObjective.OLD_LOGPROB -> experience.oldLogprobs();
      case PolicyObjective.ADVANTAGE -> experience.advantages();
      case PolicyObjective.REF_LOGPROB -> experience.refLogprobs().orElseThrow();
      case PolicyObjective.KL_COEFFICIENT -> everywhere(klCoefficient, experience);
      case PolicyObjective.ENTROPY_COEFFICIENT -> everywhere(entropyCoefficient, experience);
      case PolicyObjective.PENALTY -> everywhere(oldKlCoefficient, experience);
      default -> throw new IllegalArgumentException("Experience has no " + name);
    };
  }

  private static float[] everywhere(double value, Experience experience) {
    float[] channel = new float[experience.responseTokens().length];
    Arrays.fill(channel, (float) value);
    return channel;
  }
}
