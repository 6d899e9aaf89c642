package org.rlhf4j.text.jinja;

/** A template that is not valid, asks for what is not supported, or refuses its input. */
public final class TemplateException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public TemplateException(String message) {
    super(message);
  }
}
