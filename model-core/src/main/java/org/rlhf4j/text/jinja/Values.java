package org.rlhf4j.text.jinja;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;

/** What Python does with any value: truth, text, equality, iteration. */
final class Values {
  private Values() {}

  static boolean isTrue(Object value) {
    if (value instanceof Boolean flag) {
      return flag;
    }
    if (value instanceof Number number) {
      return number.doubleValue() != 0;
    }
    if (value instanceof String || value instanceof List || value instanceof Map) {
      return length(value) > 0;
    }
    return value != Nothing.NONE && !(value instanceof Undefined);
  }

  static long length(Object value) {
    if (value instanceof String text) {
      return text.codePointCount(0, text.length());
    }
    if (value instanceof Map<?, ?> map) {
      return map.size();
    }
    if (value instanceof List<?> list) {
      return list.size();
    }
    if (value instanceof Undefined) {
      return 0;
    }
    throw new TemplateException(typeName(value) + " has no length");
  }

  static List<Object> items(Object value) {
    if (value instanceof List<?> list) {
      return new ArrayList<>(list);
    }
    if (value instanceof Map<?, ?> map) {
      return new ArrayList<>(map.keySet());
    }
    if (value instanceof String text) {
      return Strings.characters(text);
    }
    if (value instanceof Undefined) {
      return List.of();
    }
    throw new TemplateException(typeName(value) + " is not iterable");
  }

  /** As it is written into the text. */
  static String text(Object value) {
    if (value instanceof String text) {
      return text;
    }
    return value instanceof Undefined ? "" : repr(value);
  }

  /** A value that must be a text. */
  static String string(Object value) {
    if (value instanceof String text) {
      return text;
    }
    if (value instanceof Undefined undefined) {
      throw undefined.error();
    }
    throw new TemplateException("a text is expected, but " + typeName(value) + " is found");
  }

  static String join(List<Object> values, String separator) {
    StringBuilder joined = new StringBuilder();
    for (int i = 0; i < values.size(); i++) {
      joined.append(i == 0 ? "" : separator).append(text(values.get(i)));
      Strings.checkLength(joined.length());
    }
    return joined.toString();
  }

  static String repr(Object value) {
    if (value instanceof String text) {
      return quoted(text);
    }
    if (value instanceof Boolean flag) {
      return flag ? "True" : "False";
    }
    if (value instanceof Double number) {
      return decimal(number);
    }
    if (value instanceof List<?> list) {
      return list.stream().map(Values::repr).collect(Collectors.joining(", ", "[", "]"));
    }
    if (value instanceof Map<?, ?> map) {
      return map.entrySet().stream()
          .map(entry -> repr(entry.getKey()) + ": " + repr(entry.getValue()))
          .collect(Collectors.joining(", ", "{", "}"));
    }
    if (value == Nothing.NONE) {
      return "None";
    }
    if (value instanceof Long) {
      return value.toString();
    }
    if (value instanceof Undefined) {
      return "Undefined";
    }
    throw new TemplateException(typeName(value) + " has no text");
  }

  private static String quoted(String text) {
    char quote = text.indexOf('\'') >= 0 && text.indexOf('"') < 0 ? '"' : '\'';
    StringBuilder quoted = new StringBuilder().append(quote);
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      switch (c) {
        case '\n' -> quoted.append("\\n");
        case '\r' -> quoted.append("\\r");
        case '\t' -> quoted.append("\\t");
        case '\\' -> quoted.append("\\\\");
        default -> quoted.append(c == quote ? "\\" : "").append(c);
      }
    }
    return quoted.append(quote).toString();
  }

  /** Python's form of a float: without exponent from 1e-4 to 1e16. */
  static String decimal(double value) {
    double size = Math.abs(value);
    if (Double.isNaN(value) || Double.isInfinite(value)) {
      return Double.isNaN(value) ? "nan" : value > 0 ? "inf" : "-inf";
    }
    if (size != 0 && (size < 1e-4 || size >= 1e16)) {
      return Double.toString(value).replace(".0E", "e").replace("E", "e");
    }
    String plain = new BigDecimal(Double.toString(value)).toPlainString();
    return plain.contains(".") ? plain : plain + ".0";
  }

  static boolean areEqual(Object left, Object right) {
    boolean numbers = Arithmetic.isNumber(left) && Arithmetic.isNumber(right);
    return numbers ? Arithmetic.compare(left, right) == 0 : Objects.equals(left, right);
  }

  static boolean contains(Object container, Object value) {
    if (container instanceof String text) {
      return text.contains(string(value));
    }
    if (container instanceof Map<?, ?> map) {
      return map.containsKey(value);
    }
    return items(container).stream().anyMatch(item -> areEqual(item, value));
  }

  static String typeName(Object value) {
    if (value instanceof String) {
      return "a text";
    }
    if (value instanceof List) {
      return "a list";
    }
    if (value instanceof Map) {
      return "a dictionary";
    }
    if (value instanceof Undefined) {
      return "an undefined value";
    }
    if (Arithmetic.isNumber(value)) {
      return "a number";
    }
    return value == Nothing.NONE ? "None" : "a " + value.getClass().getSimpleName();
  }
}
