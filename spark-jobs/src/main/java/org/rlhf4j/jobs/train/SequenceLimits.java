package org.rlhf4j.jobs.train;

import java.io.Serializable;
import java.util.Arrays;
import java.util.Optional;
import org.rlhf4j.config.DataConfig;
import org.rlhf4j.config.DataConfig.OverLength;
import org.rlhf4j.decoder.TokenSequence;

/**
 * How long prompts and responses may be, and what becomes of longer ones.
 *
 * <p>Limits count the tokens of the texts, without the end token; prompt, response and end token
 * together must fit the model. A long prompt loses its start or its end; a long response always
 * loses its end, and then ends without an end token, since it does not end there.
 *
 * @param maxPromptTokens of the configuration; 0 means no limit
 * @param maxResponseTokens of the configuration; 0 means no limit
 * @param contextLength of the model, tokens
 */
public record SequenceLimits(
    int maxPromptTokens, int maxResponseTokens, int contextLength, OverLength overLength)
    implements Serializable {

  static SequenceLimits of(DataConfig data, int contextLength) {
    return new SequenceLimits(
        data.maxPromptTokens(), data.maxResponseTokens(), contextLength, data.overLength());
  }

  /**
   * Prompt and response as they are trained on.
   *
   * @param response its tokens and the end token
   * @return empty if they are left out
   */
  Optional<TokenSequence> both(int[] prompt, int[] response) {
    return response(response)
        .flatMap(
            keptResponse ->
                prompt(prompt, keptResponse.length)
                    .map(keptPrompt -> new TokenSequence(keptPrompt, keptResponse)));
  }

  /**
   * The response as it is trained on, [T].
   *
   * @param response its tokens and the end token
   * @return empty if it is left out
   */
  Optional<int[]> response(int[] response) {
    int room = contextLength - 1; // one token must stand before it
    int mostOfText = maxResponseTokens == 0 ? room : Math.min(room, maxResponseTokens);
    int text = response.length - 1;
    if (text <= mostOfText && response.length <= room) {
      return Optional.of(response);
    }
    if (overLength == OverLength.QUARANTINE) {
      return Optional.empty();
    }
    return Optional.of(Arrays.copyOf(response, Math.min(text, mostOfText)));
  }

  /**
   * The prompt as it is trained on, [P].
   *
   * @param responseTokens that must fit behind it
   * @return empty if it is left out
   */
  Optional<int[]> prompt(int[] prompt, int responseTokens) {
    int room = contextLength - responseTokens;
    int most = maxPromptTokens == 0 ? room : Math.min(room, maxPromptTokens);
    if (prompt.length <= most) {
      return Optional.of(prompt);
    }
    return switch (overLength) {
      case QUARANTINE -> Optional.empty();
      case TRUNCATE_LEFT ->
          Optional.of(Arrays.copyOfRange(prompt, prompt.length - most, prompt.length));
      case TRUNCATE_RIGHT -> Optional.of(Arrays.copyOf(prompt, most));
    };
  }
}
