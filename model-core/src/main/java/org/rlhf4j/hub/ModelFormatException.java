package org.rlhf4j.hub;

/**
 * A model or tokenizer file that cannot be used. The message is one sentence for the user: file,
 * tensor and what is wrong.
 */
public final class ModelFormatException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public ModelFormatException(String message) {
    super(message);
  }

  public ModelFormatException(String message, Throwable cause) {
    super(message, cause);
  }
}
