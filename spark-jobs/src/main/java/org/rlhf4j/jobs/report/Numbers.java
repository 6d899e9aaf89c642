package org.rlhf4j.jobs.report;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

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

  /** A probability with three decimals, or as a power of ten where they would be zeros. */
  static String probability(double value) {
    boolean isTiny = value > 0 && value < 0.0005;
    return String.format(Locale.ROOT, isTiny ? "%.1e" : "%.3f", value);
  }

  /** Those of the named fields that are numbers, by name. */
  static Map<String, String> of(JsonNode node, List<String> names) {
    Map<String, String> numbers = new LinkedHashMap<>();
    for (String name : names) {
      if (node.path(name).isNumber()) {
        numbers.put(name, of(node.path(name)));
      }
    }
    return numbers;
  }

  /** All fields by name. */
  static Map<String, String> all(JsonNode node) {
    Map<String, String> numbers = new LinkedHashMap<>();
    node.fields().forEachRemaining(e -> numbers.put(e.getKey(), of(e.getValue())));
    return numbers;
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
