package org.rlhf4j.jobs.rollout;

import java.io.Serializable;
import java.util.Arrays;
import java.util.Optional;
import org.rlhf4j.config.ConfigException;
import org.rlhf4j.config.DataConfig;
import org.rlhf4j.config.DataConfig.OverLength;
import org.rlhf4j.jobs.model.ExecutorModels;

/**
 * Longest prompt that leaves room for a response, and what happens to longer ones.
 *
 * @param maxTokens of the prompt
 * @param overLength quarantine leaves the prompt out; truncate-left keeps its end, truncate-right
 *     its start
 */
public record PromptLimit(int maxTokens, OverLength overLength) implements Serializable {
  /**
   * @param models policy, reference and critic: prompt and response must fit each of them
   * @param maxNewTokens longest response, tokens
   */
  public static PromptLimit of(DataConfig data, RolloutModels models, int maxNewTokens) {
    int contextLength =
        models.directories().stream()
            .mapToInt(directory -> ExecutorModels.model(directory).config().contextLength())
            .min()
            .orElseThrow();
    return of(data, contextLength, maxNewTokens);
  }

  static PromptLimit of(DataConfig data, int contextLength, int maxNewTokens) {
    int room = contextLength - maxNewTokens;
    if (room <= 0) {
      throw new ConfigException(
          String.format(
              "generation.max-new-tokens must leave room for a prompt in the model's context of %d"
                  + " tokens, but is %d",
              contextLength, maxNewTokens));
    }
    int maxTokens = data.maxPromptTokens() == 0 ? room : Math.min(room, data.maxPromptTokens());
    return new PromptLimit(maxTokens, data.overLength());
  }

  /** The prompt as the policy sees it, [P]; empty if it is left out. */
  public Optional<int[]> apply(int[] promptTokens) {
    if (promptTokens.length <= maxTokens) {
      return Optional.of(promptTokens);
    }
    return switch (overLength) {
      case QUARANTINE -> Optional.empty();
      case TRUNCATE_LEFT ->
          Optional.of(
              Arrays.copyOfRange(
                  promptTokens, promptTokens.length - maxTokens, promptTokens.length));
      case TRUNCATE_RIGHT -> Optional.of(Arrays.copyOf(promptTokens, maxTokens));
    };
  }
}
