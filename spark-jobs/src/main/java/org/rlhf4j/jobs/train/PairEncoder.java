package org.rlhf4j.jobs.train;

import java.io.Serializable;
import java.util.List;
import java.util.Optional;
import org.rlhf4j.config.DataConfig;
import org.rlhf4j.data.dataset.PreferencePair;
import org.rlhf4j.decoder.TokenSequence;
import org.rlhf4j.dl4j.TrainingExample;
import org.rlhf4j.text.TextEncoder;

/**
 * Preference pairs as examples for {@link org.rlhf4j.objective.BradleyTerry}: two sequences, chosen
 * first, each with its last token as target. Both see the same prompt.
 */
public record PairEncoder(SequenceLimits limits) implements Serializable {

  /** With the limits of the configuration and of a model that reads so many tokens. */
  public static PairEncoder of(DataConfig data, int contextLength) {
    return new PairEncoder(SequenceLimits.of(data, contextLength));
  }

  /** Chosen and rejected as a reward model is trained on them; empty if the pair is left out. */
  public Optional<List<TokenSequence>> sequences(TextEncoder encoder, PreferencePair row) {
    return encode(encoder, row).map(Encoded::kept);
  }

  EncodedRow pair(TextEncoder encoder, PreferencePair row) {
    return encode(encoder, row)
        .map(encoded -> example(encoded, row))
        .orElseGet(() -> EncodedRow.leftOut(row.split()));
  }

  Optional<Encoded> encode(TextEncoder encoder, PreferencePair row) {
    int[] prompt = encoder.promptTokens(row.prompt());
    int[] chosen = encoder.responseTokensWithEnd(row.chosen());
    int[] rejected = encoder.responseTokensWithEnd(row.rejected());
    Optional<int[]> keptChosen = limits.response(chosen);
    Optional<int[]> keptRejected = limits.response(rejected);
    if (keptChosen.isEmpty() || keptRejected.isEmpty()) {
      return Optional.empty();
    }
    int tokens = 2 * prompt.length + chosen.length + rejected.length;
    int longer = Math.max(keptChosen.get().length, keptRejected.get().length);
    return limits
        .prompt(prompt, longer)
        .map(
            kept ->
                new Encoded(
                    tokens,
                    new TokenSequence(kept, keptChosen.get()),
                    new TokenSequence(kept, keptRejected.get())));
  }

  private static EncodedRow example(Encoded encoded, PreferencePair row) {
    float[][] channels = {{(float) row.weight()}, {row.margin().orElse(0.0).floatValue()}};
    List<TrainingExample.Sequence> sequences =
        encoded.kept().stream().map(kept -> sequence(kept.tokens(), channels)).toList();
    int keptTokens = encoded.chosen().length() + encoded.rejected().length();
    return EncodedRow.kept(
        row.split(), encoded.tokens(), keptTokens, new TrainingExample(row.pairId(), sequences));
  }

  private static TrainingExample.Sequence sequence(int[] tokens, float[][] channels) {
    return new TrainingExample.Sequence(tokens, new int[] {tokens.length - 1}, channels);
  }

  /** Both sides within the limits, and how many tokens the texts have. */
  record Encoded(int tokens, TokenSequence chosen, TokenSequence rejected) {
    List<TokenSequence> kept() {
      return List.of(chosen, rejected);
    }
  }
}
