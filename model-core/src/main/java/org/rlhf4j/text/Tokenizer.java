package org.rlhf4j.text;

import java.nio.file.Path;

/** A Hugging Face {@code tokenizer.json}. Thread-safe. Stub. */
public final class Tokenizer implements AutoCloseable {
  private Tokenizer() {}

  /** Reads {@code tokenizer.json} and {@code tokenizer_config.json} of a model directory. */
  public static Tokenizer load(Path directory) {
    throw new UnsupportedOperationException();
  }

  /** Tokens of a text, with the tokenizer's own special tokens. */
  public int[] encode(String text) {
    throw new UnsupportedOperationException();
  }

  /** Tokens of a text, without special tokens. */
  public int[] encodeWithoutSpecialTokens(String text) {
    throw new UnsupportedOperationException();
  }

  /** Text of tokens, special tokens left out. */
  public String decode(int[] tokens) {
    throw new UnsupportedOperationException();
  }

  public int vocabularySize() {
    throw new UnsupportedOperationException();
  }

  public int endToken() {
    throw new UnsupportedOperationException();
  }

  /** Hash of {@code tokenizer.json}: token ids with another fingerprint mean other words. */
  public String fingerprint() {
    throw new UnsupportedOperationException();
  }

  @Override
  public void close() {}
}
