package org.rlhf4j.data.raw;

import com.fasterxml.jackson.databind.JsonNode;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.rlhf4j.data.raw.RawRecord.Vote;

/**
 * {@code {"item", "annotator", "label", "gold"?, "time"?, "options"?, "group"?}}; label and gold
 * are text, a number, yes or no, or null.
 */
final class VoteParser implements RowParser {
  @Override
  public Vote parse(JsonRow row) throws RejectedRowException {
    if (!row.names("label")) {
      throw new RejectedRowException(Reason.MISSING_FIELD, "field label is missing");
    }

    return new Vote(
        row.name("item"),
        row.name("annotator"),
        label(row, "label"),
        label(row, "gold"),
        row.has("time") ? Optional.of(VoteTime.parse(row.required("time"))) : Optional.empty(),
        options(row),
        row.optionalName("group"));
  }

  private static Optional<String> label(JsonRow row, String field) throws RejectedRowException {
    if (!row.has(field)) {
      return Optional.empty();
    }

    return Optional.of(label(field, row.required(field)));
  }

  private static String label(String field, JsonNode label) throws RejectedRowException {
    JsonRow.check(label.isValueNode(), field, label, "text, a number or null");
    return label.isNumber()
        ? plainNumber(label.decimalValue())
        : label.isBoolean() ? label.asText() : JsonRow.text(field, label);
  }

  private static List<String> options(JsonRow row) throws RejectedRowException {
    if (!row.has("options")) {
      return List.of();
    }

    List<String> options = new ArrayList<>();
    for (JsonNode option : row.list("options")) {
      options.add(label("options", option));
    }

    if (options.size() != 2 || options.get(0).equals(options.get(1))) {
      throw new RejectedRowException(
          Reason.WRONG_TYPE, "field options must be a list of two different labels");
    }

    return options;
  }

  /** 1, 1.0 and 1e0 are one label. */
  private static String plainNumber(BigDecimal number) {
    return number.signum() == 0 ? "0" : number.stripTrailingZeros().toPlainString();
  }
}
