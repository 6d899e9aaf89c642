package org.rlhf4j.data.raw;

import com.fasterxml.jackson.databind.JsonNode;
import java.math.BigDecimal;
import java.util.Optional;
import org.rlhf4j.data.raw.RawRecord.Vote;

/**
 * {@code {"item", "annotator", "label", "gold"?}}; label and gold are text, a number, yes or no, or
 * null.
 */
final class VoteParser implements RowParser {
  @Override
  public Vote parse(JsonRow row) throws RejectedRowException {
    if (!row.names("label")) {
      throw new RejectedRowException(Reason.MISSING_FIELD, "field label is missing");
    }

    return new Vote(
        row.name("item"), row.name("annotator"), label(row, "label"), label(row, "gold"));
  }

  private static Optional<String> label(JsonRow row, String field) throws RejectedRowException {
    if (!row.has(field)) {
      return Optional.empty();
    }

    JsonNode label = row.required(field);
    JsonRow.check(label.isValueNode(), field, label, "text, a number or null");
    return Optional.of(
        label.isNumber()
            ? plainNumber(label.decimalValue())
            : label.isBoolean() ? label.asText() : JsonRow.text(field, label));
  }

  /** 1, 1.0 and 1e0 are one label. */
  private static String plainNumber(BigDecimal number) {
    return number.signum() == 0 ? "0" : number.stripTrailingZeros().toPlainString();
  }
}
