package org.rlhf4j.jobs.train;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.rlhf4j.data.dataset.Rating;
import org.rlhf4j.decoder.TokenSequence;
import org.rlhf4j.dl4j.TrainingExample;
import org.rlhf4j.jobs.train.RankedResponses.Ranked;
import org.rlhf4j.text.TextEncoder;

/**
 * Rankings and ratings as examples for {@link org.rlhf4j.objective.Ranking}, {@link
 * org.rlhf4j.objective.RatingLoss} and {@link org.rlhf4j.objective.BinaryFeedback}: each sequence's
 * target is its last token.
 */
record ScoreEncoder(SequenceLimits limits) implements Serializable {

  /** Responses that are too long are left out; with them the ranking, if it is none any more. */
  EncodedRow ranking(TextEncoder encoder, RankedResponses row) {
    int[] prompt = encoder.promptTokens(row.prompt());
    List<int[]> responses = new ArrayList<>();
    List<Float> ranks = new ArrayList<>();
    int tokens = 0;
    for (Ranked ranked : row.ranks()) {
      int[] response = encoder.responseTokensWithEnd(ranked.response());
      Optional<int[]> kept = limits.response(response);
      if (kept.isPresent()) {
        tokens += prompt.length + response.length;
        responses.add(kept.get());
        ranks.add((float) ranked.rank());
      }
    }
    if (ranks.stream().distinct().count() < 2) {
      return EncodedRow.leftOut(row.split());
    }
    int longest = responses.stream().mapToInt(r -> r.length).max().orElseThrow();
    Optional<int[]> keptPrompt = limits.prompt(prompt, longest);
    if (keptPrompt.isEmpty()) {
      return EncodedRow.leftOut(row.split());
    }
    List<TrainingExample.Sequence> sequences = new ArrayList<>();
    int keptTokens = 0;
    for (int i = 0; i < responses.size(); i++) {
      int[] sequence = new TokenSequence(keptPrompt.get(), responses.get(i)).tokens();
      keptTokens += sequence.length;
      sequences.add(scored(sequence, (float) row.weight(), ranks.get(i)));
    }
    return EncodedRow.kept(
        row.split(), tokens, keptTokens, new TrainingExample(row.groupId(), sequences));
  }

  EncodedRow rating(TextEncoder encoder, Rating row) {
    int[] prompt = encoder.promptTokens(row.prompt());
    int[] response = encoder.responseTokensWithEnd(row.response());
    return limits
        .both(prompt, response)
        .map(TokenSequence::tokens)
        .map(
            kept ->
                EncodedRow.kept(
                    row.split(),
                    prompt.length + response.length,
                    kept.length,
                    new TrainingExample(
                        row.ratingId(),
                        List.of(scored(kept, (float) row.weight(), (float) row.rating())))))
        .orElseGet(() -> EncodedRow.leftOut(row.split()));
  }

  private static TrainingExample.Sequence scored(int[] tokens, float weight, float value) {
    return new TrainingExample.Sequence(
        tokens, new int[] {tokens.length - 1}, new float[][] {{weight}, {value}});
  }
}
