package org.rlhf4j.jobs.train;

import java.util.Arrays;
import java.util.Optional;
import org.rlhf4j.decoder.TokenSequence;
import org.rlhf4j.dl4j.TrainingExample.Sequence;

/** Sequences whose targets are the tokens of the response, end token included. */
final class ResponseTargets {
  private ResponseTargets() {}

  /**
   * @param channels label channels, each with one value for all targets, [C]
   * @return empty if there is no target: nothing predicts the first token of a sequence
   */
  static Optional<Sequence> of(TokenSequence content, float... channels) {
    int[] tokens = content.tokens();
    int first = Math.max(1, content.prompt().length);
    if (first >= tokens.length) {
      return Optional.empty();
    }
    int[] targets = new int[tokens.length - first];
    for (int k = 0; k < targets.length; k++) {
      targets[k] = first + k;
    }
    float[][] values = new float[channels.length][targets.length];
    for (int c = 0; c < channels.length; c++) {
      Arrays.fill(values[c], channels[c]);
    }
    return Optional.of(new Sequence(tokens, targets, values));
  }

  /** Back to what is predicted from and what is predicted. */
  static TokenSequence content(Sequence sequence) {
    int first = sequence.targets()[0];
    int[] tokens = sequence.tokens();
    return new TokenSequence(
        Arrays.copyOf(tokens, first), Arrays.copyOfRange(tokens, first, tokens.length));
  }
}
