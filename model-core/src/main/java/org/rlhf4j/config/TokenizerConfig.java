package org.rlhf4j.config;

import static org.rlhf4j.config.ConfigException.check;

/** A new byte-level BPE tokenizer. */
public record TokenizerConfig(
    @Config(value = "vocab-size", doc = "Largest vocabulary, tokens; 256 bytes are always in it")
        int vocabSize) {
  private static final int BYTES = 256;

  public static final TokenizerConfig DEFAULTS = new TokenizerConfig(4096);

  public TokenizerConfig {
    check(
        vocabSize > BYTES,
        "tokenizer.vocab-size must be more than the %s bytes, but is %s",
        BYTES,
        vocabSize);
  }
}
