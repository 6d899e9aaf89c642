package org.rlhf4j.data.dataset;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Rows of a dataset from JSON objects with its columns. Floats survive to the last bit. */
public final class JsonCodec<R extends Record> {
  private final DatasetSchema<R> schema;

  private JsonCodec(DatasetSchema<R> schema) {
    this.schema = schema;
  }

  public static <R extends Record> JsonCodec<R> of(Class<R> record) {
    return new JsonCodec<>(DatasetSchema.of(record));
  }

  /**
   * @throws InvalidRowException if a required column is absent or null, or a value has another type
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

  private static Optional<Object> value(DatasetColumn column, JsonNode node) {
    if (node.isMissingNode() || node.isNull()) {
      if (column.isOptional()) {
        return Optional.empty();
      }

      throw new InvalidRowException("column " + column.name() + " is missing");
    }

    return Optional.of(presentValue(column, node));
  }

  private static Object presentValue(DatasetColumn column, JsonNode node) {
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

  private static double doubleValue(DatasetColumn column, JsonNode node) {
    if (node.isTextual() && isNotFinite(node.textValue())) {
      return Double.parseDouble(node.textValue());
    }

    require(node.isNumber(), column, "a number");
    return node.doubleValue();
  }

  private static float floatValue(DatasetColumn column, JsonNode node) {
    if (node.isTextual() && isNotFinite(node.textValue())) {
      return Float.parseFloat(node.textValue());
    }

    require(node.isNumber(), column, "a number");
    return toFloat(node.doubleValue());
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

  private static boolean isNotFinite(String text) {
    return text.equals("NaN") || text.equals("Infinity") || text.equals("-Infinity");
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

  private static float[] floatArray(DatasetColumn column, JsonNode node) {
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

  private static void require(boolean holds, DatasetColumn column, String expected) {
    if (!holds) {
      throw new InvalidRowException("column " + column.name() + " must be " + expected);
    }
  }
}
