package org.rlhf4j.jobs.train;

import java.io.Serializable;
import java.util.List;
import java.util.Optional;
import org.rlhf4j.data.dataset.PreferencePair;
import org.rlhf4j.decoder.TokenSequence;
import org.rlhf4j.dl4j.TrainingExample;
import org.rlhf4j.text.TextEncoder;

/**
 * Preference pairs as examples for {@link org.rlhf4j.objective.BradleyTerry}: two sequences, chosen
 * first, each with its last token as target. Both see the same prompt.
 */
record PairEncoder(SequenceLimits limits) implements Serializable {

  EncodedRow pair(TextEncoder encoder, PreferencePair row) {
    int[] prompt = encoder.promptTokens(row.prompt());
    int[] chosen = encoder.responseTokensWithEnd(row.chosen());
    int[] rejected = encoder.responseTokensWithEnd(row.rejected());
    Optional<int[]> keptChosen = limits.response(chosen);
    Optional<int[]> keptRejected = limits.response(rejected);
    if (keptChosen.isEmpty() || keptRejected.isEmpty()) {
      return EncodedRow.leftOut(row.split());
    }
    int longer = Math.max(keptChosen.get().length, keptRejected.get().length);
    Optional<int[]> keptPrompt = limits.prompt(prompt, longer);
    if (keptPrompt.isEmpty()) {
      return EncodedRow.leftOut(row.split());
    }
    float[][] channels = {{(float) row.weight()}, {row.margin().orElse(0.0).floatValue()}};
    TrainingExample.Sequence first = sequence(keptPrompt.get(), keptChosen.get(), channels);
    TrainingExample.Sequence second = sequence(keptPrompt.get(), keptRejected.get(), channels);
    return EncodedRow.kept(
        row.split(),
        2 * prompt.length + chosen.length + rejected.length,
        first.tokens().length + second.tokens().length,
        new TrainingExample(row.pairId(), List.of(first, second)));
  }

  private static TrainingExample.Sequence sequence(
      int[] prompt, int[] response, float[][] channels) {
    int[] tokens = new TokenSequence(prompt, response).tokens();
    return new TrainingExample.Sequence(tokens, new int[] {tokens.length - 1}, channels);
  }
}
