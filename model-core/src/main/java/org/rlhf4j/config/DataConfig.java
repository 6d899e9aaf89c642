package org.rlhf4j.config;

import static org.rlhf4j.config.ConfigException.check;

import java.io.Serializable;

/** Length limits of rows that are trained on. */
public record DataConfig(
    @Config(value = "max-prompt-tokens", doc = "Longest prompt, tokens; 0 means no limit")
        int maxPromptTokens,
    @Config(value = "max-response-tokens", doc = "Longest response, tokens; 0 means no limit")
        int maxResponseTokens,
    @Config(
            value = "over-length",
            doc = "quarantine, truncate-left or truncate-right for rows over a limit")
        OverLength overLength)
    implements Serializable {

  /** Rule for rows over a limit. */
  public enum OverLength {
    QUARANTINE,
    TRUNCATE_LEFT,
    TRUNCATE_RIGHT
  }

  public static final DataConfig DEFAULTS = new DataConfig(0, 0, OverLength.QUARANTINE);

  public DataConfig {
    check(
        maxPromptTokens >= 0,
        "data.max-prompt-tokens must not be negative, but is %s",
        maxPromptTokens);
    check(
        maxResponseTokens >= 0,
        "data.max-response-tokens must not be negative, but is %s",
        maxResponseTokens);
  }
}
