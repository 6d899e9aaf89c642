package org.rlhf4j.data.raw;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoField;
import java.time.temporal.TemporalAccessor;
import java.util.OptionalDouble;

/**
 * When a vote was given: the time since 1970 as a number or as a text of digits, or an ISO 8601
 * date and time, with a blank in place of the T and with UTC in place of the Z as many exports
 * write it; without a zone it is UTC.
 *
 * <p>A number is in seconds up to the year 5138 ({@link #LARGEST}); a larger one is in
 * milliseconds, microseconds or nanoseconds, whichever comes first to a year before that.
 */
final class VoteTime {
  private static final double THOUSAND = 1000;

  /** Of any unit. */
  private static final double LARGEST = 1e11;

  /** 1973 in seconds; texts with fewer digits are dates, such as 20260131. */
  private static final double LEAST_TEXT = 1e8;

  private static final double LARGEST_NANOSECONDS = LARGEST * 1e9;

  private VoteTime() {}

  /** Milliseconds since 1970. */
  static long parse(JsonNode node) throws RejectedRowException {
    if (node.isNumber()) {
      return milliseconds(node.doubleValue(), node);
    }

    JsonRow.check(node.isTextual(), "time", node, "seconds since 1970 or a date and time");
    String text = node.textValue().strip();
    OptionalDouble number = VoteLabel.number(text);
    return number.isPresent() && Math.abs(number.getAsDouble()) >= LEAST_TEXT
        ? milliseconds(number.getAsDouble(), node)
        : ofDate(text.replaceFirst(" ?UTC$", "Z").replaceFirst(" ", "T"));
  }

  private static long milliseconds(double number, JsonNode node) throws RejectedRowException {
    JsonRow.check(
        Math.abs(number) < LARGEST_NANOSECONDS,
        "time",
        node,
        "seconds since 1970 or a smaller unit");
    double seconds = number;
    while (Math.abs(seconds) >= LARGEST) {
      seconds /= THOUSAND;
    }

    return Math.round(seconds * THOUSAND);
  }

  private static long ofDate(String text) throws RejectedRowException {
    try {
      TemporalAccessor time =
          DateTimeFormatter.ISO_DATE_TIME.parseBest(
              text, OffsetDateTime::from, LocalDateTime::from);
      return time.isSupported(ChronoField.INSTANT_SECONDS)
          ? Instant.from(time).toEpochMilli()
          : LocalDateTime.from(time).toInstant(ZoneOffset.UTC).toEpochMilli();
    } catch (DateTimeException | ArithmeticException e) {
      throw new RejectedRowException(
          Reason.WRONG_TYPE,
          "field time must be seconds since 1970 or a date and time such as 2026-01-31T16:53:19Z");
    }
  }
}
