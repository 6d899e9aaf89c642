package org.rlhf4j.config;

import static org.rlhf4j.config.ConfigException.check;

/** How the agreement of annotators is measured. */
public record QualityConfig(
    @Config(value = "level", doc = "Scale of the labels, which decides what a disagreement costs")
        Level level,
    @Config(
            value = "bootstrap-samples",
            doc = "Replicates of the bootstrap over items behind every interval; 0 gives none")
        int bootstrapSamples,
    @Config(
            value = "max-iterations",
            doc = "Iterations after which the estimates of annotators end, converged or not")
        int maxIterations,
    @Config(
            value = "smoothing",
            doc =
                "Right votes, and as many wrong ones, that every annotator begins with; 0 is maximum"
                    + " likelihood")
        double smoothing,
    @Config(
            value = "suspicion-level",
            doc =
                "Probability that anybody at all is flagged by chance, for drift and for duplicates"
                    + " each")
        double suspicionLevel,
    @Config(
            value = "min-accuracy",
            doc = "Annotators whose accuracy's interval ends below it are flagged as unreliable")
        double minAccuracy) {

  /** Scale of measurement, in Krippendorff's sense. */
  public enum Level {
    NOMINAL,
    ORDINAL,
    INTERVAL,
    RATIO
  }

  public static final QualityConfig DEFAULTS =
      new QualityConfig(Level.NOMINAL, 200, 100, 1.0, 0.01, 0.5);

  public QualityConfig {
    check(
        bootstrapSamples == 0 || (bootstrapSamples >= 20 && bootstrapSamples <= 10_000),
        "quality.bootstrap-samples must be 0 or from 20 to 10000, but is %s",
        bootstrapSamples);
    check(
        maxIterations >= 1, "quality.max-iterations must be at least 1, but is %s", maxIterations);
    check(
        smoothing >= 0 && smoothing < 1e6,
        "quality.smoothing must be at least 0, but is %s",
        smoothing);
    check(
        suspicionLevel > 0 && suspicionLevel < 1,
        "quality.suspicion-level must be above 0 and below 1, but is %s",
        suspicionLevel);
    check(
        minAccuracy >= 0 && minAccuracy <= 1,
        "quality.min-accuracy must be from 0 to 1, but is %s",
        minAccuracy);
  }
}
