package org.rlhf4j.jobs.report;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Locale;

/** Numbers as people read them. */
final class Numbers {
  private static final int SECONDS_PER_MINUTE = 60;

  private Numbers() {}

  /** Whole numbers as they are, others with three decimals; a dash where there is none. */
  static String of(JsonNode value) {
    if (!value.isNumber()) {
      return "–";
    }
    return value.isIntegralNumber()
        ? value.asText()
        : String.format(Locale.ROOT, "%.3f", value.doubleValue());
  }

  /** {@code mean ± standard error}. */
  static String withError(JsonNode mean, JsonNode standardError) {
    return mean.isNumber() ? of(mean) + " ± " + of(standardError) : "–";
  }

  static String duration(double seconds) {
    return seconds < SECONDS_PER_MINUTE
        ? String.format(Locale.ROOT, "%.1f s", seconds)
        : String.format(
            Locale.ROOT,
            "%d min %02d s",
            (long) seconds / SECONDS_PER_MINUTE,
            (long) seconds % SECONDS_PER_MINUTE);
  }
}
