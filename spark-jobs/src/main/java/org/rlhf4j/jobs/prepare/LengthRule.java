package org.rlhf4j.jobs.prepare;

import java.io.Serializable;
import java.util.Optional;
import org.rlhf4j.config.DataConfig;
import org.rlhf4j.config.DataConfig.OverLength;
import org.rlhf4j.jobs.model.ExecutorModels;

/**
 * Limits on the tokens of prompts and responses, as they travel to the executors.
 *
 * @param tokenizer directory with the tokenizer; empty means no limits
 */
record LengthRule(
    String tokenizer, int maxPromptTokens, int maxResponseTokens, OverLength overLength)
    implements Serializable {

  static LengthRule of(DataConfig config, Optional<String> tokenizer) {
    return new LengthRule(
        tokenizer.orElse(""),
        config.maxPromptTokens(),
        config.maxResponseTokens(),
        config.overLength());
  }

  boolean countsTokens() {
    return !tokenizer.isEmpty();
  }

  /** The rule with its tokenizer loaded; empty without one. */
  Optional<TextLimits> limits() {
    if (!countsTokens()) {
      return Optional.empty();
    }

    return Optional.of(
        new TextLimits(
            ExecutorModels.encoder(tokenizer), maxPromptTokens, maxResponseTokens, overLength));
  }
}
