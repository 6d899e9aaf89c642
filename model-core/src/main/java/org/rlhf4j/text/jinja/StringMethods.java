package org.rlhf4j.text.jinja;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Methods that templates call on a text. */
final class StringMethods {
  /** One method, called on a text. */
  @FunctionalInterface
  private interface Method {
    Object call(String text, Arguments arguments);
  }

  private static final Map<String, Method> METHODS =
      Map.ofEntries(
          Map.entry("strip", (s, a) -> Strings.strip(s, text(a, 0), true, true)),
          Map.entry("lstrip", (s, a) -> Strings.strip(s, text(a, 0), true, false)),
          Map.entry("rstrip", (s, a) -> Strings.strip(s, text(a, 0), false, true)),
          Map.entry("split", (s, a) -> Strings.split(s, separator(a), number(a, 1, "maxsplit"))),
          Map.entry("rsplit", StringMethods::splitRight),
          Map.entry("splitlines", (s, a) -> Strings.splitLines(s)),
          Map.entry("startswith", (s, a) -> options(a).stream().anyMatch(s::startsWith)),
          Map.entry("endswith", (s, a) -> options(a).stream().anyMatch(s::endsWith)),
          Map.entry("replace", StringMethods::replace),
          Map.entry("upper", (s, a) -> Strings.upper(s)),
          Map.entry("lower", (s, a) -> Strings.lower(s)),
          Map.entry("title", (s, a) -> Strings.title(s)),
          Map.entry("capitalize", (s, a) -> Strings.capitalize(s)),
          Map.entry("count", (s, a) -> Strings.count(s, required(a, 0))),
          Map.entry("find", (s, a) -> place(s, s.indexOf(required(a, 0)))),
          Map.entry("rfind", (s, a) -> place(s, s.lastIndexOf(required(a, 0)))),
          Map.entry("join", (s, a) -> Values.join(Values.items(a.get(0, "iterable")), s)),
          Map.entry("removeprefix", (s, a) -> without(s, required(a, 0), "")),
          Map.entry("removesuffix", (s, a) -> without(s, "", required(a, 0))),
          Map.entry("isdigit", (s, a) -> all(s, Character::isDigit)),
          Map.entry("isalpha", (s, a) -> all(s, Character::isLetter)),
          Map.entry("isspace", (s, a) -> all(s, Strings::isSpace)));

  private StringMethods() {}

  static Object find(String text, String name) {
    Method method = METHODS.get(name);
    return method == null
        ? Undefined.attribute(text, name)
        : (Function) arguments -> method.call(text, arguments);
  }

  private static Optional<String> text(Arguments arguments, int index) {
    return arguments.given(index, "").map(Values::string);
  }

  private static String required(Arguments arguments, int index) {
    return Values.string(arguments.get(index, "sub"));
  }

  private static Optional<String> separator(Arguments arguments) {
    return arguments.given(0, "sep").map(Values::string);
  }

  private static long number(Arguments arguments, int index, String name) {
    return arguments.given(index, name).map(Arithmetic::integer).orElse(-1L);
  }

  private static List<String> options(Arguments arguments) {
    Object option = arguments.get(0, "prefix");
    return option instanceof List<?> several
        ? several.stream().map(Values::string).toList()
        : List.of(Values.string(option));
  }

  private static Object splitRight(String text, Arguments arguments) {
    String separator =
        separator(arguments)
            .orElseThrow(() -> new TemplateException("rsplit without separator is not supported"));
    return Strings.splitRight(text, separator, number(arguments, 1, "maxsplit"));
  }

  private static Object replace(String text, Arguments arguments) {
    String replacement = Values.string(arguments.get(1, "new"));
    return Strings.replace(
        text, required(arguments, 0), replacement, number(arguments, 2, "count"));
  }

  private static Object place(String text, int index) {
    return index < 0 ? -1L : (long) text.codePointCount(0, index);
  }

  private static String without(String text, String prefix, String suffix) {
    int start = text.startsWith(prefix) ? prefix.length() : 0;
    int end = text.length() - (text.endsWith(suffix) ? suffix.length() : 0);
    return text.substring(start, Math.max(start, end));
  }

  private static boolean all(String text, java.util.function.IntPredicate predicate) {
    return !text.isEmpty() && text.codePoints().allMatch(predicate);
  }
}
