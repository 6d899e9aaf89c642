package org.rlhf4j.objective;

import java.util.Map;

/**
 * An objective on scalars to each of which a constant is added: what a {@linkplain
 * org.rlhf4j.hub.ScoreNormalization normalised} reward model without a bias adds to its own to make
 * scores, or values of the critic that started from it.
 *
 * @param offset the constant
 */
public record ScalarOffset(Objective objective, double offset) implements Objective {
  /** The objective itself where nothing is added. */
  public static Objective of(Objective objective, double offset) {
    return offset == 0 ? objective : new ScalarOffset(objective, offset);
  }

  @Override
  public String[] channels() {
    return objective.channels();
  }

  @Override
  public String[] statistics() {
    return objective.statistics();
  }

  /** Rounds as those do who read the scalars: to a float. */
  @Override
  public double evaluate(
      float[] outputs, float[] entropies, Targets targets, float[] gradient, double[] statistics) {
    float[] scores = new float[outputs.length];
    for (int k = 0; k < scores.length; k++) {
      scores[k] = outputs[k] + (float) offset;
    }
    return objective.evaluate(scores, entropies, targets, gradient, statistics);
  }

  @Override
  public Map<String, Double> metrics(double[] statistics) {
    return objective.metrics(statistics);
  }

  @Override
  public boolean needsEntropies() {
    return objective.needsEntropies();
  }

  @Override
  public void merge(double[] into, double[] other) {
    objective.merge(into, other);
  }
}
