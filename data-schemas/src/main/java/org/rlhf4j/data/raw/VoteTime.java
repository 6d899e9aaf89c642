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

/**
 * When a vote was given: seconds since 1970, or an ISO 8601 date and time, with a blank in place of
 * the T and with UTC in place of the Z as many exports write it; without a zone it is UTC.
 */
final class VoteTime {
  private static final double MILLIS = 1000;

  /** The year 5138 in seconds; larger numbers are none. */
  private static final double MAX_SECONDS = 1e11;

  private VoteTime() {}

  /** Milliseconds since 1970. */
  static long parse(JsonNode node) throws RejectedRowException {
    if (node.isNumber() && Math.abs(node.doubleValue()) < MAX_SECONDS) {
      return Math.round(node.doubleValue() * MILLIS);
    }

    JsonRow.check(node.isTextual(), "time", node, "seconds since 1970 or a date and time");
    String text = node.textValue().strip().replaceFirst(" ?UTC$", "Z").replaceFirst(" ", "T");
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
