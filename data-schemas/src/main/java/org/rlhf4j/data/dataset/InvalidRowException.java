package org.rlhf4j.data.dataset;

/**
 * A row that does not fit its dataset. The message names the column and what is wrong; whoever
 * knows the file and the row adds them.
 */
public final class InvalidRowException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public InvalidRowException(String message) {
    super(message);
  }
}
