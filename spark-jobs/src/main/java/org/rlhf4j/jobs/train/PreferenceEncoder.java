package org.rlhf4j.jobs.train;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.rlhf4j.data.dataset.PreferencePair;
import org.rlhf4j.data.dataset.Rating;
import org.rlhf4j.dl4j.TrainingExample;
import org.rlhf4j.dl4j.TrainingExample.Sequence;
import org.rlhf4j.objective.Objective;
import org.rlhf4j.text.TextEncoder;

/**
 * Rows as examples for the objectives of {@link DpoJob}: pairs as two sequences, chosen first,
 * ratings as one, all response tokens as targets. The reference's channel is left at 0.
 *
 * @param channels names of the objective's channels
 * @param goodRating least rating of a good response
 */
record PreferenceEncoder(SequenceLimits limits, List<String> channels, double goodRating)
    implements Serializable {
  static final float GOOD = 1;
  static final float BAD = -1;

  /** Only there to say how far the policy is from the reference; see {@link UnrelatedResponses}. */
  static final float UNRELATED = 0;

  EncodedRow pair(TextEncoder encoder, PreferencePair row) {
    Optional<PairEncoder.Encoded> encoded = new PairEncoder(limits).encode(encoder, row);
    if (encoded.isEmpty()) {
      return EncodedRow.leftOut(row.split());
    }
    List<Sequence> sequences = new ArrayList<>();
    float weight = (float) row.weight();
    ResponseTargets.of(encoded.get().chosen(), labels(weight, GOOD)).ifPresent(sequences::add);
    ResponseTargets.of(encoded.get().rejected(), labels(weight, BAD)).ifPresent(sequences::add);
    if (sequences.size() < 2) {
      return EncodedRow.leftOut(row.split());
    }
    return EncodedRow.kept(
        row.split(),
        encoded.get().tokens(),
        encoded.get().chosen().length() + encoded.get().rejected().length(),
        new TrainingExample(row.pairId(), sequences));
  }

  EncodedRow rating(TextEncoder encoder, Rating row) {
    int[] prompt = encoder.promptTokens(row.prompt());
    int[] response = encoder.responseTokensWithEnd(row.response());
    float label = row.rating() >= goodRating ? GOOD : BAD;
    return limits
        .both(prompt, response)
        .flatMap(kept -> ResponseTargets.of(kept, labels((float) row.weight(), label)))
        .map(
            sequence ->
                EncodedRow.kept(
                    row.split(),
                    prompt.length + response.length,
                    sequence.tokens().length,
                    new TrainingExample(row.ratingId(), List.of(sequence))))
        .orElseGet(() -> EncodedRow.leftOut(row.split()));
  }

  private float[] labels(float weight, float label) {
    float[] values = new float[channels.size()];
    for (int c = 0; c < values.length; c++) {
      values[c] =
          switch (channels.get(c)) {
            case "weight" -> weight;
            case "label" -> label;
            case Objective.REFERENCE_CHANNEL -> 0;
            default -> throw new IllegalArgumentException("No row has a " + channels.get(c));
          };
    }
    return values;
  }
}
