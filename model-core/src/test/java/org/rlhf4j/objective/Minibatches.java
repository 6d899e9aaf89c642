package org.rlhf4j.objective;

/** Minibatches for tests of objectives. */
final class Minibatches {
  private Minibatches() {}

  /** Responses of the given lengths, one sequence per example. */
  static Targets responses(int[] lengths, float[]... channels) {
    int count = channels[0].length;
    int[] sequences = new int[count];
    int[] examples = new int[lengths.length];
    int k = 0;
    for (int b = 0; b < lengths.length; b++) {
      examples[b] = b;
      for (int t = 0; t < lengths[b]; t++) {
        sequences[k++] = b;
      }
    }
    return new Targets(sequences, examples, channels);
  }

  /** Pairs of sequences with one target each, chosen first. */
  static Targets pairs(float[]... channels) {
    int count = channels[0].length;
    int[] sequences = new int[count];
    int[] examples = new int[count];
    for (int k = 0; k < count; k++) {
      sequences[k] = k;
      examples[k] = k / 2;
    }
    return new Targets(sequences, examples, channels);
  }

  /** Largest difference between the gradient and central differences of the loss. */
  static double gradientError(Objective objective, float[] outputs, Targets targets) {
    float step = 1f / 512; // a power of two, so that outputs +- step are exact in float
    float[] gradient = new float[outputs.length];
    loss(objective, outputs, targets, gradient);
    double error = 0;
    for (int k = 0; k < outputs.length; k++) {
      float[] above = outputs.clone();
      float[] below = outputs.clone();
      above[k] += step;
      below[k] -= step;
      double rise =
          loss(objective, above, targets, new float[outputs.length])
              - loss(objective, below, targets, new float[outputs.length]);
      error = Math.max(error, Math.abs(rise / (above[k] - (double) below[k]) - gradient[k]));
    }
    return error;
  }

  private static double loss(
      Objective objective, float[] outputs, Targets targets, float[] gradient) {
    return objective.evaluate(
        outputs, new float[0], targets, gradient, new double[objective.statistics().length]);
  }
}
