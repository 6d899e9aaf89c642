package org.rlhf4j.jobs.pipeline;

import org.rlhf4j.config.ConfigFormat;
import org.rlhf4j.config.RlhfConfig;
import org.rlhf4j.config.Section;
import org.rlhf4j.jobs.demo.DemoSettings;

/** All settings a configuration file may hold: the library's and those of the generators. */
public record RunConfig(@Section("") RlhfConfig rlhf, @Section("demo") DemoSettings demo) {
  public static final RunConfig DEFAULTS =
      new RunConfig(RlhfConfig.DEFAULTS, DemoSettings.DEFAULTS);

  public static ConfigFormat<RunConfig> format() {
    return new ConfigFormat<>(DEFAULTS);
  }
}
