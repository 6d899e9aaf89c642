package org.rlhf4j.config;

import com.google.errorprone.annotations.FormatMethod;

/**
 * A setting that cannot be used. The message is one sentence for the user: key, value and what to
 * do.
 */
public final class ConfigException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public ConfigException(String message) {
    super(message);
  }

  /**
   * @throws ConfigException with the formatted message if the condition does not hold
   */
  @FormatMethod
  public static void check(boolean holds, String message, Object... arguments) {
    if (!holds) {
      throw new ConfigException(String.format(message, arguments));
    }
  }
}
