package org.rlhf4j.text;

/**
 * A prompt that cannot be written as text. The message is one sentence for the user: what is wrong
 * with the prompt and what to do.
 */
public final class PromptException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public PromptException(String message) {
    super(message);
  }
}
