package org.rlhf4j.objective;

/**
 * What a preference loss sees of one response of a minibatch.
 *
 * @param firstTarget index of its first target, [K]
 * @param tokens T, its targets
 * @param logprob sum over its tokens of log pi, nats
 * @param reference the same of the reference policy; 0 for losses without one
 * @param weight of its row
 */
record ResponseSum(int firstTarget, int tokens, double logprob, double reference, double weight) {
  /** Sums over the targets of each sequence, [B]; the channel of weights is the first. */
  static ResponseSum[] withoutReference(float[] outputs, Targets targets) {
    return of(outputs, new float[outputs.length], targets);
  }

  /**
   * The same with the reference policy's log-probabilities in the last channel.
   *
   * @param outputs log-probability of each target, [K]
   */
  static ResponseSum[] withReference(float[] outputs, Targets targets) {
    float[][] channels = targets.channels();
    return of(outputs, channels[channels.length - 1], targets);
  }

  private static ResponseSum[] of(float[] outputs, float[] reference, Targets targets) {
    ResponseSum[] sums = new ResponseSum[targets.examples().length];
    int k = 0;
    for (int sequence = 0; sequence < sums.length; sequence++) {
      int first = k;
      double logprob = 0;
      double referenceLogprob = 0;
      while (k < targets.count() && targets.sequences()[k] == sequence) {
        logprob += outputs[k];
        referenceLogprob += reference[k];
        k++;
      }
      if (k == first) {
        throw new IllegalArgumentException(
            "Sequence " + sequence + " has no target; a preference loss needs response tokens");
      }
      double weight = targets.channels()[0][first];
      sums[sequence] = new ResponseSum(first, k - first, logprob, referenceLogprob, weight);
    }
    return sums;
  }

  /** log pi(y|x) - log pi_ref(y|x), nats. */
  double logRatio() {
    return logprob - reference;
  }

  /** Mean over tokens of log pi, nats per token. */
  double meanLogprob() {
    return logprob / tokens;
  }

  /** Mean over tokens of the log-ratio, nats per token. */
  double meanLogRatio() {
    return logRatio() / tokens;
  }

  /** Sets the gradient of all its tokens: each enters the sum once. */
  void setGradient(double slope, float[] gradient) {
    java.util.Arrays.fill(gradient, firstTarget, firstTarget + tokens, (float) slope);
  }
}
