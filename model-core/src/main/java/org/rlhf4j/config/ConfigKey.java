package org.rlhf4j.config;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * One documented setting.
 *
 * @param key full key
 * @param doc meaning, unit and source
 * @param type int, long, double, boolean, String, an enum, or List of String
 * @param defaultValue value where no file and no option sets it
 */
record ConfigKey(String key, String doc, Class<?> type, Object defaultValue) {
  /** YAML 1.1 takes 1e-4 for text, as it has no dot. */
  private static final Pattern EXPONENT =
      Pattern.compile("[-+]?(\\d+\\.?\\d*|\\.\\d+)[eE][-+]?\\d+");

  /** Constant to its name in files: lower case, hyphens. */
  static String kebab(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /** What a user may write here, for messages and the page of settings. */
  String allowed() {
    if (type.isEnum()) {
      return "one of "
          + Arrays.stream(type.getEnumConstants())
              .map(c -> kebab((Enum<?>) c))
              .collect(Collectors.joining(", "));
    }
    if (type == int.class || type == long.class) {
      return "a whole number";
    }
    if (type == double.class) {
      return "a number";
    }
    if (type == boolean.class) {
      return "true or false";
    }
    return type == List.class ? "a list of texts" : "a text";
  }

  Object parse(RawSetting setting) {
    JsonNode value = setting.typed() ? setting.value() : fromCommandLine(setting);
    Object parsed = convert(value);
    ConfigException.check(
        parsed != null,
        "%s must be %s, but is %s (%s)",
        key,
        allowed(),
        value.isNull() || value.isMissingNode() ? "empty" : value,
        setting.place());
    return parsed;
  }

  private JsonNode fromCommandLine(RawSetting setting) {
    String text = setting.value().textValue();
    boolean isText = type == String.class || type.isEnum();
    if (isText || (type == List.class && !text.strip().startsWith("["))) {
      return setting.value();
    }
    try {
      return YamlSettings.value(text);
    } catch (IOException e) {
      return TextNode.valueOf(text);
    }
  }

  /** Returns null for a value of another type. */
  private Object convert(JsonNode value) {
    if (type == int.class) {
      return value.isIntegralNumber() && value.canConvertToInt() ? value.intValue() : null;
    }
    if (type == long.class) {
      return value.isIntegralNumber() && value.canConvertToLong() ? value.longValue() : null;
    }
    if (type == double.class) {
      return number(value);
    }
    if (type == boolean.class) {
      return value.isBoolean() ? value.booleanValue() : null;
    }
    if (type == String.class) {
      return value.textValue();
    }
    return type == List.class ? texts(value) : constant(value);
  }

  private static Double number(JsonNode value) {
    if (value.isTextual() && EXPONENT.matcher(value.textValue()).matches()) {
      return Double.valueOf(value.textValue());
    }
    return value.isNumber() && Double.isFinite(value.doubleValue()) ? value.doubleValue() : null;
  }

  private static List<String> texts(JsonNode value) {
    if (value.isTextual()) {
      return value.textValue().isEmpty() ? List.of() : List.of(value.textValue());
    }
    if (!value.isArray()) {
      return null;
    }
    List<String> texts = new ArrayList<>();
    for (JsonNode element : value) {
      if (!element.isTextual()) {
        return null;
      }
      texts.add(element.textValue());
    }
    return List.copyOf(texts);
  }

  private Object constant(JsonNode value) {
    for (Object constant : type.getEnumConstants()) {
      if (kebab((Enum<?>) constant).equals(value.textValue())) {
        return constant;
      }
    }
    return null;
  }
}
