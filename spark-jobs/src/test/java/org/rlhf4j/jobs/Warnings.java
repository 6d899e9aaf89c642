package org.rlhf4j.jobs;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.apache.logging.log4j.Level;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.core.LogEvent;
import org.apache.logging.log4j.core.Logger;
import org.apache.logging.log4j.core.appender.AbstractAppender;
import org.apache.logging.log4j.core.config.Configurator;
import org.apache.logging.log4j.core.config.Property;

/** What is warned of until it is closed, also after a test of a command with --quiet. */
public final class Warnings implements AutoCloseable {
  private final List<String> messages = new CopyOnWriteArrayList<>();
  private final Logger root = (Logger) LogManager.getRootLogger();
  private final Level level = root.getLevel();
  private final AbstractAppender appender =
      new AbstractAppender("warnings", null, null, false, Property.EMPTY_ARRAY) {
        @Override
        public void append(LogEvent event) {
          if (event.getLevel().equals(Level.WARN)) {
            messages.add(event.getMessage().getFormattedMessage());
          }
        }
      };

  public Warnings() {
    Configurator.setAllLevels("", Level.WARN);
    appender.start();
    root.addAppender(appender);
  }

  public List<String> messages() {
    return messages;
  }

  @Override
  public void close() {
    root.removeAppender(appender);
    appender.stop();
    Configurator.setAllLevels("", level);
  }
}
