package org.rlhf4j.data.dataset;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Rows of a dataset from JSON objects with its columns. Floats survive to the last bit. */
public final class JsonCodec<R extends Record> {
  private static final Set<String> NOT_FINITE = Set.of("NaN", "Infinity", "-Infinity");

  private final DatasetSchema<R> schema;
  private final Numbers numbers;

  /** What may stand in a column of numbers. */
  private enum Numbers {
    FINITE,
    /** Also the texts NaN, Infinity and -Infinity, which JSON has no numbers for. */
    ALL
  }

  private JsonCodec(DatasetSchema<R> schema, Numbers numbers) {
    this.schema = schema;
    this.numbers = numbers;
  }

  /** For rows that users write by hand or by other programs. */
  public static <R extends Record> JsonCodec<R> of(Class<R> record) {
    return new JsonCodec<>(DatasetSchema.of(record), Numbers.FINITE);
  }

  /** For rows that a stage has published, whose numbers come back whatever they are. */
  public static <R extends Record> JsonCodec<R> ofPublished(Class<R> record) {
    return new JsonCodec<>(DatasetSchema.of(record), Numbers.ALL);
  }

  /**
   * @throws InvalidRowException if a required column is absent or null, or a value has another type
   *     or is a number that the type cannot hold
   */
  public R fromJson(JsonNode object) {
    if (!object.isObject()) {
      throw new InvalidRowException("the row is no JSON object");
    }

    List<Optional<Object>> values = new ArrayList<>(schema.columns().size());
    for (DatasetColumn column : schema.columns()) {
      values.add(value(column, object.path(column.name())));
    }

    return schema.row(values);
  }

  private Optional<Object> value(DatasetColumn column, JsonNode node) {
    if (node.isMissingNode() || node.isNull()) {
      if (column.isOptional()) {
        return Optional.empty();
      }

      throw new InvalidRowException("column " + column.name() + " is missing");
    }

    return Optional.of(presentValue(column, node));
  }

  private Object presentValue(DatasetColumn column, JsonNode node) {
    return switch (column.type()) {
      case TEXT -> text(column, node);
      case INT -> {
        require(node.canConvertToExactIntegral() && node.canConvertToInt(), column, "an int");
        yield node.intValue();
      }
      case LONG -> {
        require(node.canConvertToExactIntegral() && node.canConvertToLong(), column, "a long");
        yield node.longValue();
      }
      case FLOAT -> floatValue(column, node);
      case DOUBLE -> doubleValue(column, node);
      case BOOLEAN -> {
        require(node.isBoolean(), column, "true or false");
        yield node.booleanValue();
      }
      case ENUM ->
          column
              .constant(text(column, node))
              .orElseThrow(
                  () ->
                      new InvalidRowException(
                          "column %s must be one of %s, but is %s"
                              .formatted(column.name(), column.storedNames(), node)));
      case INT_ARRAY -> intArray(column, node);
      case FLOAT_ARRAY -> floatArray(column, node);
      case MESSAGES -> messages(column, node);
    };
  }

  private static String text(DatasetColumn column, JsonNode node) {
    require(node.isTextual(), column, "text");
    return node.textValue();
  }

  private double doubleValue(DatasetColumn column, JsonNode node) {
    if (numbers == Numbers.ALL && isNotFinite(node)) {
      return Double.parseDouble(node.textValue());
    }

    require(node.isNumber(), column, "a number");
    double value = node.doubleValue();
    requireFinite(Double.isFinite(value), column, "1.8e308, the largest double");
    return value;
  }

  private float floatValue(DatasetColumn column, JsonNode node) {
    if (numbers == Numbers.ALL && isNotFinite(node)) {
      return Float.parseFloat(node.textValue());
    }

    require(node.isNumber(), column, "a number");
    float value = toFloat(node.doubleValue());
    requireFinite(Float.isFinite(value), column, "3.4e38, the largest float");
    return value;
  }

  /**
   * The float whose text was parsed to this double. Rounding twice goes wrong only where the double
   * lies halfway between two floats; there the text of the right one gives this very double.
   */
  static float toFloat(double parsed) {
    float nearest = (float) parsed;
    float other = parsed > nearest ? Math.nextUp(nearest) : Math.nextDown(nearest);
    boolean isHalfway = parsed - nearest == other - parsed;
    return isHalfway && Double.parseDouble(Float.toString(other)) == parsed ? other : nearest;
  }

  private static boolean isNotFinite(JsonNode node) {
    return node.isTextual() && NOT_FINITE.contains(node.textValue());
  }

  private static int[] intArray(DatasetColumn column, JsonNode node) {
    require(node.isArray(), column, "an array");
    int[] values = new int[node.size()];
    for (int i = 0; i < values.length; i++) {
      JsonNode element = node.get(i);
      require(
          element.canConvertToExactIntegral() && element.canConvertToInt(),
          column,
          "an array of ints");
      values[i] = element.intValue();
    }

    return values;
  }

  private float[] floatArray(DatasetColumn column, JsonNode node) {
    require(node.isArray(), column, "an array");
    float[] values = new float[node.size()];
    for (int i = 0; i < values.length; i++) {
      values[i] = floatValue(column, node.get(i));
    }

    return values;
  }

  private static List<Message> messages(DatasetColumn column, JsonNode node) {
    require(node.isArray(), column, "a list of messages");
    List<Message> messages = new ArrayList<>(node.size());
    for (JsonNode message : node) {
      JsonNode role = message.path("role");
      JsonNode content = message.path("content");
      require(role.isTextual() && content.isTextual(), column, "a list of (role, content)");
      messages.add(new Message(role.textValue(), content.textValue()));
    }

    return List.copyOf(messages);
  }

  private static void requireFinite(boolean holds, DatasetColumn column, String largest) {
    if (!holds) {
      throw new InvalidRowException("column " + column.name() + " has a number beyond " + largest);
    }
  }

  private static void require(boolean holds, DatasetColumn column, String expected) {
    if (!holds) {
      throw new InvalidRowException("column " + column.name() + " must be " + expected);
    }
  }
}
