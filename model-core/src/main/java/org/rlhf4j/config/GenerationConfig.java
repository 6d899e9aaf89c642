package org.rlhf4j.config;

import static org.rlhf4j.config.ConfigException.check;

import java.io.Serializable;
import java.util.List;

/** How responses are sampled. */
public record GenerationConfig(
    @Config(value = "max-new-tokens", doc = "Longest response, tokens, end token included")
        int maxNewTokens,
    @Config(value = "min-new-tokens", doc = "Tokens before an end token may be sampled")
        int minNewTokens,
    @Config(value = "temperature", doc = "Divides the logits before sampling") double temperature,
    @Config(value = "top-k", doc = "Sample from the k likeliest tokens; 0 means all") int topK,
    @Config(
            value = "top-p",
            doc = "Sample from the smallest set with this probability; 1 means all")
        double topP,
    @Config(
            value = "min-p",
            doc =
                "Sample only tokens at least this share as probable as the likeliest; 0 means all")
        double minP,
    @Config(
            value = "repetition-penalty",
            doc =
                "Divides positive logits of tokens that prompt or response hold already, and multiplies"
                    + " negative ones; 1 means none")
        double repetitionPenalty,
    @Config(value = "greedy", doc = "Take the likeliest token instead of sampling") boolean greedy,
    @Config(value = "samples-per-prompt", doc = "Responses per prompt") int samplesPerPrompt,
    @Config(
            value = "best-of",
            doc =
                "Responses sampled for each that is kept: generate keeps the one that --reward-model"
                    + " scores highest")
        int bestOf,
    @Config(value = "batch-size", doc = "Responses decoded together in one task") int batchSize,
    @Config(value = "stop", doc = "Texts that end a response") List<String> stop)
    implements Serializable {
  public static final GenerationConfig DEFAULTS =
      new GenerationConfig(64, 0, 1.0, 0, 1.0, 0.0, 1.0, false, 1, 1, 64, List.of());

  public GenerationConfig {
    check(maxNewTokens > 0, "generation.max-new-tokens must be positive, but is %s", maxNewTokens);
    check(
        minNewTokens >= 0 && minNewTokens <= maxNewTokens,
        "generation.min-new-tokens must be between 0 and max-new-tokens, but is %s",
        minNewTokens);
    check(
        temperature > 0,
        "generation.temperature must be positive (use generation.greedy for 0), but is %s",
        temperature);
    check(topK >= 0, "generation.top-k must not be negative, but is %s", topK);
    check(topP > 0 && topP <= 1, "generation.top-p must be in (0, 1], but is %s", topP);
    check(minP >= 0 && minP < 1, "generation.min-p must be in [0, 1), but is %s", minP);
    check(
        repetitionPenalty > 0,
        "generation.repetition-penalty must be positive, but is %s",
        repetitionPenalty);
    check(
        samplesPerPrompt > 0,
        "generation.samples-per-prompt must be positive, but is %s",
        samplesPerPrompt);
    check(bestOf > 0, "generation.best-of must be positive, but is %s", bestOf);
    check(batchSize > 0, "generation.batch-size must be positive, but is %s", batchSize);
    stop = List.copyOf(stop);
  }

  /** Without min-p, repetition penalty and best-of. */
  public GenerationConfig(
      int maxNewTokens,
      int minNewTokens,
      double temperature,
      int topK,
      double topP,
      boolean greedy,
      int samplesPerPrompt,
      int batchSize,
      List<String> stop) {
    this(
        maxNewTokens,
        minNewTokens,
        temperature,
        topK,
        topP,
        0.0,
        1.0,
        greedy,
        samplesPerPrompt,
        1,
        batchSize,
        stop);
  }

  /** Whether every token is drawn with the probability that the model gives it. */
  public boolean samplesTheModel() {
    return topK == 0
        && topP == 1.0
        && minP == 0.0
        && repetitionPenalty == 1.0
        && minNewTokens == 0
        && bestOf == 1
        && !greedy;
  }
}
