package org.rlhf4j.jobs.quality;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.util.Locale;
import java.util.Optional;
import org.rlhf4j.config.QualityConfig;
import org.rlhf4j.config.QualityConfig.Level;
import org.rlhf4j.jobs.ExitCode;
import org.rlhf4j.jobs.JobException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Least Krippendorff's alpha, at {@code quality.level}, with which a run goes on.
 *
 * @param least {@link QualityConfig#ANY_ALPHA} lets everything through
 */
public record AlphaGate(Level level, double least) {
  private static final Logger LOG = LoggerFactory.getLogger(AlphaGate.class);

  public static AlphaGate of(QualityConfig config) {
    return new AlphaGate(config.level(), config.minAlpha());
  }

  /** Whether what an earlier run measured passes. */
  public boolean isPassed(String qualityJson) {
    try {
      double alpha =
          new JsonMapper()
              .readTree(qualityJson)
              .path("krippendorff_alpha")
              .path(name())
              .asDouble(Double.NaN);
      return passes(alpha);
    } catch (JsonProcessingException e) {
      return false;
    }
  }

  /**
   * @throws JobException if the annotators agree too little, or their agreement is not defined
   */
  void check(QualityResult result, String output) {
    Optional<Double> alpha = result.krippendorffAlpha().get(name());
    if (alpha.isEmpty()) {
      LOG.warn(
          "Krippendorff's alpha at quality.level={} is not defined for these votes: it needs two"
              + " different labels on items with two votes or more, and numbers beyond nominal",
          name());
    }

    if (!passes(alpha.orElse(Double.NaN))) {
      throw new JobException(
          ExitCode.GATE_FAILED,
          "Krippendorff's alpha at level %s is %s, and quality.min-alpha asks for %s; see the"
                  .formatted(
                      name(),
                      alpha.map(a -> String.format(Locale.ROOT, "%.4f", a)).orElse("not defined"),
                      least)
              + " annotators in %s, or lower it.".formatted(output));
    }
  }

  private boolean passes(double alpha) {
    return least == QualityConfig.ANY_ALPHA || alpha >= least;
  }

  private String name() {
    return level.name().toLowerCase(Locale.ROOT);
  }
}
