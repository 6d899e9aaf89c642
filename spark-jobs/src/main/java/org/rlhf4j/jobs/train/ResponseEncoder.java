package org.rlhf4j.jobs.train;

import java.io.Serializable;
import java.util.List;
import org.rlhf4j.data.dataset.Demonstration;
import org.rlhf4j.data.dataset.Message;
import org.rlhf4j.data.dataset.PreferencePair;
import org.rlhf4j.data.dataset.Split;
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
    return limits
        .both(promptTokens, responseTokens)
        .flatMap(kept -> ResponseTargets.of(kept, (float) weight))
        .map(
            sequence ->
                EncodedRow.kept(
                    split,
                    promptTokens.length + responseTokens.length,
                    sequence.tokens().length,
                    new TrainingExample(id, List.of(sequence))))
        .orElseGet(() -> EncodedRow.leftOut(split));
  }
}
