package org.rlhf4j.config;

/** How the agreement of annotators is measured. */
public record QualityConfig(
    @Config(value = "level", doc = "Scale of the labels, which decides what a disagreement costs")
        Level level) {

  /** Scale of measurement, in Krippendorff's sense. */
  public enum Level {
    NOMINAL,
    ORDINAL,
    INTERVAL,
    RATIO
  }

  public static final QualityConfig DEFAULTS = new QualityConfig(Level.NOMINAL);
}
