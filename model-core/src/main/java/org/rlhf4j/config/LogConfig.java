package org.rlhf4j.config;

/** What is written to the log. */
public record LogConfig(
    @Config(value = "debug", doc = "Log details, and print the stack trace of a failure")
        boolean debug) {
  public static final LogConfig DEFAULTS = new LogConfig(false);
}
