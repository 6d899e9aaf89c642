package org.rlhf4j.jobs.cli;

import org.apache.logging.log4j.Level;
import org.apache.logging.log4j.core.config.Configurator;

/** Turns the log up or off; everything else about it is in conf/log4j2.properties. */
final class Logging {
  private static final String OURS = "org.rlhf4j";
  private static final String ROOT = "";

  private Logging() {}

  static void silence() {
    Configurator.setAllLevels(ROOT, Level.OFF);
  }

  static void showDetails() {
    Configurator.setLevel(OURS, Level.DEBUG);
  }
}
