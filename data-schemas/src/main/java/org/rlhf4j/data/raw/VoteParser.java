package org.rlhf4j.data.raw;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.rlhf4j.data.raw.RawRecord.Vote;

/**
 * {@code {"item", "annotator", "label", "gold"?, "time"?, "options"?, "group"?}}; label and gold
 * are text, a number, yes or no, or null, which an empty text is, too. Without annotator and label
 * the row says what is right.
 *
 * <p>Comparisons of arguments (UKPConvArg1), {@code {"pair", "arg1", "arg2", "worker", "value"}}
 * with {@code a1}, {@code a2} or {@code equal} for a value, are read, too: the label is the id of
 * the better argument, or {@code equal}.
 */
final class VoteParser implements RowParser {
  private static final String EQUAL = "equal";

  static boolean isOfArguments(JsonRow row) {
    return row.names("pair") && row.names("arg1") && row.names("arg2");
  }

  @Override
  public Vote parse(JsonRow row) throws RejectedRowException {
    return isOfArguments(row) ? ofArguments(row) : plain(row);
  }

  private static Vote plain(JsonRow row) throws RejectedRowException {
    boolean isGold = isGold(row);
    if (!isGold && !row.names("label")) {
      throw new RejectedRowException(Reason.MISSING_FIELD, "field label is missing");
    }

    return new Vote(
        row.name("item"),
        isGold ? "" : row.name("annotator"),
        label(row, "label"),
        label(row, "gold"),
        time(row, "time"),
        options(row),
        row.optionalName("group"));
  }

  /** Whether a row says, or would say if it were given, what is right. */
  private static boolean isGold(JsonRow row) {
    boolean says = row.isGiven("gold") || (row.names("gold") && !row.names("label"));
    return says && !row.isGiven("annotator") && !row.isGiven("label");
  }

  private static Vote ofArguments(JsonRow row) throws RejectedRowException {
    List<String> options = List.of(row.name("arg1"), row.name("arg2"));
    if (options.get(0).equals(options.get(1))) {
      throw new RejectedRowException(Reason.WRONG_TYPE, "fields arg1 and arg2 are the same");
    }

    boolean isGold = row.names("gold") && !row.isGiven("worker") && !row.isGiven("value");
    if (!isGold && !row.names("value")) {
      throw new RejectedRowException(Reason.MISSING_FIELD, "field value is missing");
    }

    return new Vote(
        row.name("pair"),
        isGold ? "" : row.name("worker"),
        argument(row, "value", options),
        argument(row, "gold", options),
        time(row, "submitted"),
        options,
        row.optionalName("topic"));
  }

  private static Optional<String> argument(JsonRow row, String field, List<String> options)
      throws RejectedRowException {
    if (!row.isGiven(field)) {
      return Optional.empty();
    }

    String value = row.text(field);
    return switch (value) {
      case "a1" -> Optional.of(options.get(0));
      case "a2" -> Optional.of(options.get(1));
      case EQUAL -> Optional.of(value);
      default ->
          throw new RejectedRowException(
              Reason.WRONG_TYPE, "field " + field + " must be a1, a2 or equal");
    };
  }

  private static Optional<Long> time(JsonRow row, String field) throws RejectedRowException {
    return row.isGiven(field) ? Optional.of(VoteTime.parse(row.required(field))) : Optional.empty();
  }

  private static Optional<String> label(JsonRow row, String field) throws RejectedRowException {
    if (!row.isGiven(field)) {
      return Optional.empty();
    }

    return Optional.of(label(field, row.required(field)));
  }

  private static String label(String field, JsonNode label) throws RejectedRowException {
    JsonRow.check(label.isValueNode(), field, label, "text, a number or null");
    if (label.isNumber()) {
      JsonRow.check(Double.isFinite(label.doubleValue()), field, label, "one that a double holds");
      return VoteLabel.of(label.decimalValue());
    }

    return label.isBoolean() ? label.asText() : VoteLabel.of(JsonRow.text(field, label));
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
}
