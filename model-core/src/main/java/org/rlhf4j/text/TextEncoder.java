package org.rlhf4j.text;

import java.util.List;
import org.rlhf4j.data.dataset.Message;

/** From messages to tokens, by the contract's rules (design, section 11). Thread-safe. Stub. */
public final class TextEncoder {
  public TextEncoder(Tokenizer tokenizer) {
    throw new UnsupportedOperationException();
  }

  /**
   * The prompt as one text, before tokenisation: as it is, by chat template, or as Human/Assistant
   * turns.
   */
  public String promptText(List<Message> prompt) {
    throw new UnsupportedOperationException();
  }

  public int[] promptTokens(List<Message> prompt) {
    throw new UnsupportedOperationException();
  }

  /** Response tokens without special tokens and without end token. */
  public int[] responseTokens(String response) {
    throw new UnsupportedOperationException();
  }

  /** Response tokens followed by the end token. */
  public int[] responseTokensWithEnd(String response) {
    throw new UnsupportedOperationException();
  }

  public Tokenizer tokenizer() {
    throw new UnsupportedOperationException();
  }
}
