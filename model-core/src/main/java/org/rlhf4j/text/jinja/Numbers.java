package org.rlhf4j.text.jinja;

/** Texts read as numbers. */
final class Numbers {
  private Numbers() {}

  /** The filter {@code int}. */
  static Object whole(Object value, Arguments arguments) {
    if (value instanceof Double number) {
      return (long) number.doubleValue();
    }
    if (Arithmetic.isNumber(value)) {
      return Arithmetic.integer(value);
    }
    try {
      return Long.parseLong(Values.text(value).strip());
    } catch (NumberFormatException e) {
      Object real = real(value, new Arguments(java.util.List.of(Nothing.NONE), java.util.Map.of()));
      return real instanceof Double number
          ? (Object) (long) number.doubleValue()
          : arguments.find(0, "default").orElse(0L);
    }
  }

  /** The filter {@code float}. */
  static Object real(Object value, Arguments arguments) {
    if (value instanceof Double) {
      return value;
    }
    if (Arithmetic.isNumber(value)) {
      return (double) Arithmetic.integer(value);
    }
    try {
      return Double.parseDouble(Values.text(value).strip());
    } catch (NumberFormatException e) {
      return arguments.find(0, "default").orElse(0.0);
    }
  }
}
