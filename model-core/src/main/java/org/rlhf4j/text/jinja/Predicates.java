package org.rlhf4j.text.jinja;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The tests behind {@code is}. */
final class Predicates {
  /** One test. */
  @FunctionalInterface
  interface Predicate {
    boolean test(Object value, Arguments arguments);
  }

  private static final Predicate EQUAL = (v, a) -> Values.areEqual(v, a.get(0, "other"));
  private static final Predicate NOT_EQUAL = (v, a) -> !Values.areEqual(v, a.get(0, "other"));
  private static final Predicate LESS = (v, a) -> compare(v, a) < 0;
  private static final Predicate AT_MOST = (v, a) -> compare(v, a) <= 0;
  private static final Predicate GREATER = (v, a) -> compare(v, a) > 0;
  private static final Predicate AT_LEAST = (v, a) -> compare(v, a) >= 0;

  private static final Map<String, Predicate> ALL =
      Map.ofEntries(
          Map.entry("defined", (v, a) -> !(v instanceof Undefined)),
          Map.entry("undefined", (v, a) -> v instanceof Undefined),
          Map.entry("none", (v, a) -> v == Nothing.NONE),
          Map.entry("string", (v, a) -> v instanceof String),
          Map.entry("number", (v, a) -> Arithmetic.isNumber(v)),
          Map.entry("integer", (v, a) -> v instanceof Long),
          Map.entry("float", (v, a) -> v instanceof Double),
          Map.entry("boolean", (v, a) -> v instanceof Boolean),
          Map.entry("true", (v, a) -> Boolean.TRUE.equals(v)),
          Map.entry("false", (v, a) -> Boolean.FALSE.equals(v)),
          Map.entry("mapping", (v, a) -> v instanceof Map),
          Map.entry("sequence", (v, a) -> isIterable(v)),
          Map.entry("iterable", (v, a) -> isIterable(v)),
          Map.entry("callable", (v, a) -> v instanceof Function),
          Map.entry("sameas", (v, a) -> v == a.get(0, "other") || EQUAL.test(v, a)),
          Map.entry("even", (v, a) -> Arithmetic.integer(v) % 2 == 0),
          Map.entry("odd", (v, a) -> Arithmetic.integer(v) % 2 != 0),
          Map.entry("divisibleby", (v, a) -> isDivisible(v, a.get(0, "num"))),
          Map.entry("in", (v, a) -> Values.contains(a.get(0, "seq"), v)),
          Map.entry("lower", (v, a) -> Strings.lower(Values.text(v)).equals(Values.text(v))),
          Map.entry("upper", (v, a) -> Strings.upper(Values.text(v)).equals(Values.text(v))),
          Map.entry("==", EQUAL),
          Map.entry("eq", EQUAL),
          Map.entry("equalto", EQUAL),
          Map.entry("!=", NOT_EQUAL),
          Map.entry("ne", NOT_EQUAL),
          Map.entry("<", LESS),
          Map.entry("lt", LESS),
          Map.entry("lessthan", LESS),
          Map.entry("<=", AT_MOST),
          Map.entry("le", AT_MOST),
          Map.entry(">", GREATER),
          Map.entry("gt", GREATER),
          Map.entry("greaterthan", GREATER),
          Map.entry(">=", AT_LEAST),
          Map.entry("ge", AT_LEAST));

  private Predicates() {}

  static Predicate named(String name) {
    return Optional.ofNullable(ALL.get(name))
        .orElseThrow(() -> new TemplateException("the test '" + name + "' is not known"));
  }

  private static int compare(Object value, Arguments arguments) {
    return Arithmetic.compare(value, arguments.get(0, "other"));
  }

  private static boolean isIterable(Object value) {
    return value instanceof String
        || value instanceof List
        || value instanceof Map
        || value instanceof Undefined;
  }

  private static boolean isDivisible(Object value, Object divisor) {
    return Values.areEqual(Arithmetic.calculate('%', value, divisor), 0L);
  }
}
