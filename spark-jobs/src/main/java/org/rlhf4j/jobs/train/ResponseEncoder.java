package org.rlhf4j.jobs.train;

import java.io.Serializable;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.rlhf4j.data.dataset.Demonstration;
import org.rlhf4j.data.dataset.Message;
import org.rlhf4j.data.dataset.PreferencePair;
import org.rlhf4j.data.dataset.Split;
import org.rlhf4j.decoder.TokenSequence;
import org.rlhf4j.dl4j.TrainingExample;
import org.rlhf4j.text.TextEncoder;

/**
 * Responses to imitate as examples for {@link org.rlhf4j.objective.LanguageModeling}: every token
 * of the response and its end token is a target.
 */
record ResponseEncoder(SequenceLimits limits) implements Serializable {

  EncodedRow demonstration(TextEncoder encoder, Demonstration row) {
    return encode(
        encoder, row.demonstrationId(), row.split(), row.prompt(), row.response(), row.weight());
  }

  EncodedRow chosen(TextEncoder encoder, PreferencePair row) {
    return encode(encoder, row.pairId(), row.split(), row.prompt(), row.chosen(), row.weight());
  }

  private EncodedRow encode(
      TextEncoder encoder,
      String id,
      Split split,
      List<Message> prompt,
      String response,
      double weight) {
    int[] promptTokens = encoder.promptTokens(prompt);
    int[] responseTokens = encoder.responseTokensWithEnd(response);
    Optional<int[]> keptResponse = limits.response(responseTokens);
    Optional<int[]> keptPrompt =
        keptResponse.flatMap(kept -> limits.prompt(promptTokens, kept.length));
    if (keptPrompt.isEmpty()) {
      return EncodedRow.leftOut(split);
    }
    TrainingExample.Sequence sequence =
        sequence(keptPrompt.get(), keptResponse.orElseThrow(), (float) weight);
    return EncodedRow.kept(
        split,
        promptTokens.length + responseTokens.length,
        sequence.tokens().length,
        new TrainingExample(id, List.of(sequence)));
  }

  private static TrainingExample.Sequence sequence(int[] prompt, int[] response, float weight) {
    int[] tokens = new TokenSequence(prompt, response).tokens();
    int first = Math.max(1, prompt.length); // nothing predicts the first token of a sequence
    int[] targets = new int[tokens.length - first];
    for (int k = 0; k < targets.length; k++) {
      targets[k] = first + k;
    }
    float[] weights = new float[targets.length];
    Arrays.fill(weights, weight);
    return new TrainingExample.Sequence(tokens, targets, new float[][] {weights});
  }
}
