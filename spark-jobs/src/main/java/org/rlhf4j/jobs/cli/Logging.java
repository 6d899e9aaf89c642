package org.rlhf4j.jobs.cli;

import org.apache.logging.log4j.Level;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.core.Appender;
import org.apache.logging.log4j.core.LoggerContext;
import org.apache.logging.log4j.core.config.Configurator;
import org.apache.logging.log4j.core.config.LoggerConfig;

/** Turns the log up or off; everything else about it is in conf/log4j2.properties. */
final class Logging {
  private static final String OURS = "org.rlhf4j";
  private static final String ROOT = "";

  // Names of appenders in conf/log4j2.properties; a cluster's own settings have neither.
  private static final String BRIEF = "console";
  private static final String WHOLE = "details";

  private Logging() {}

  static void silence() {
    Configurator.setAllLevels(ROOT, Level.OFF);
  }

  /** Our own details, and whole stack traces where the log shows one line of each. */
  static void showDetails() {
    Configurator.setLevel(OURS, Level.DEBUG);
    LoggerContext context = (LoggerContext) LogManager.getContext(false);
    Appender whole = context.getConfiguration().getAppender(WHOLE);
    if (whole != null) {
      LoggerConfig root = context.getConfiguration().getRootLogger();
      root.removeAppender(BRIEF);
      root.addAppender(whole, null, null);
      context.updateLoggers();
    }
  }
}
