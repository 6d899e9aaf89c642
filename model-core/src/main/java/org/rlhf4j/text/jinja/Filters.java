package org.rlhf4j.text.jinja;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The filters behind {@code |}. */
final class Filters {
  /** One filter. */
  @FunctionalInterface
  interface Filter {
    Object apply(Object value, Arguments arguments);
  }

  private static final Map<String, Filter> ALL =
      Map.ofEntries(
          Map.entry("abs", (v, a) -> Arithmetic.compare(v, 0L) < 0 ? negative(v) : v),
          Map.entry("capitalize", (v, a) -> Strings.capitalize(Values.text(v))),
          Map.entry("count", (v, a) -> Values.length(v)),
          Map.entry("d", Filters::otherwise),
          Map.entry("default", Filters::otherwise),
          Map.entry("dictsort", (v, a) -> sortedEntries(v, a.check("dictsort", 0, Set.of()))),
          Map.entry("first", (v, a) -> end(v, 0)),
          Map.entry("float", (v, a) -> Numbers.real(v, a)),
          Map.entry("indent", Filters::indent),
          Map.entry("int", (v, a) -> Numbers.whole(v, a)),
          Map.entry(
              "items", (v, a) -> v instanceof Map<?, ?> m ? Access.entries(m) : Values.items(v)),
          Map.entry("join", Filters::join),
          Map.entry("last", (v, a) -> end(v, -1)),
          Map.entry("length", (v, a) -> Values.length(v)),
          Map.entry("list", (v, a) -> Values.items(v)),
          Map.entry("lower", (v, a) -> Strings.lower(Values.text(v))),
          Map.entry("map", Selections::map),
          Map.entry("reject", (v, a) -> Selections.select(v, a, false)),
          Map.entry("rejectattr", (v, a) -> Selections.selectByAttribute(v, a, false)),
          Map.entry("replace", Filters::replace),
          Map.entry("reverse", (v, a) -> reversed(v)),
          Map.entry("safe", (v, a) -> Values.text(v)),
          Map.entry("select", (v, a) -> Selections.select(v, a, true)),
          Map.entry("selectattr", (v, a) -> Selections.selectByAttribute(v, a, true)),
          Map.entry("sort", Filters::sort),
          Map.entry("string", (v, a) -> Values.text(v)),
          Map.entry("title", (v, a) -> title(Values.text(v))),
          Map.entry("tojson", Filters::json),
          Map.entry("trim", Filters::trim),
          Map.entry("unique", (v, a) -> unique(v, a.check("unique", 0, Set.of()))),
          Map.entry("upper", (v, a) -> Strings.upper(Values.text(v))));

  private Filters() {}

  static Filter named(String name) {
    return Optional.ofNullable(ALL.get(name))
        .orElseThrow(() -> new TemplateException("the filter '" + name + "' is not known"));
  }

  private static Object negative(Object value) {
    return Arithmetic.calculate('-', 0L, value);
  }

  private static Object otherwise(Object value, Arguments arguments) {
    boolean missing =
        value instanceof Undefined || (arguments.flag(1, "boolean") && !Values.isTrue(value));
    return missing ? arguments.find(0, "default_value").orElse("") : value;
  }

  private static Object end(Object value, int index) {
    List<Object> items = Values.items(value);
    return items.isEmpty()
        ? new Undefined("there is no item in an empty sequence")
        : items.get(index < 0 ? items.size() - 1 : index);
  }

  private static Object indent(Object value, Arguments arguments) {
    Object width = arguments.find(0, "width").orElse(4L);
    String space = width instanceof String text ? text : (String) Arithmetic.multiply(" ", width);
    String[] lines = Values.text(value).split("\n", -1);
    StringBuilder indented = new StringBuilder(arguments.flag(1, "first") ? space : "");
    for (int i = 0; i < lines.length; i++) {
      boolean moved = i > 0 && (!lines[i].isEmpty() || arguments.flag(2, "blank"));
      indented.append(i > 0 ? "\n" : "").append(moved ? space : "").append(lines[i]);
      Strings.checkLength(indented.length());
    }
    return indented.toString();
  }

  private static Object join(Object value, Arguments arguments) {
    List<Object> items = Values.items(value);
    Optional<Object> attribute = arguments.given(1, "attribute");
    String separator = arguments.find(0, "d").map(Values::text).orElse("");
    return Values.join(
        attribute.map(name -> Selections.attributes(items, name)).orElse(items), separator);
  }

  private static Object replace(Object value, Arguments arguments) {
    long most = arguments.given(2, "count").map(Arithmetic::integer).orElse(-1L);
    return Strings.replace(
        Values.text(value),
        Values.text(arguments.get(0, "old")),
        Values.text(arguments.get(1, "new")),
        most);
  }

  private static Object reversed(Object value) {
    List<Object> items = new ArrayList<>(Values.items(value));
    Collections.reverse(items);
    return value instanceof String ? Values.join(items, "") : items;
  }

  private static Object sort(Object value, Arguments arguments) {
    arguments.check("sort", 3, Set.of("reverse", "case_sensitive", "attribute"));
    Optional<Object> attribute = arguments.given(2, "attribute");
    boolean exact = arguments.flag(1, "case_sensitive");
    Comparator<Object> order =
        (left, right) ->
            Arithmetic.compare(key(left, attribute, exact), key(right, attribute, exact));
    List<Object> items = new ArrayList<>(Values.items(value));
    items.sort(arguments.flag(0, "reverse") ? order.reversed() : order);
    return items;
  }

  private static Object key(Object item, Optional<Object> attribute, boolean exact) {
    Object key = attribute.map(path -> Selections.attribute(item, path)).orElse(item);
    return !exact && key instanceof String text ? Strings.lower(text) : key;
  }

  private static Object sortedEntries(Object value, Arguments arguments) {
    Object entries = value instanceof Map<?, ?> map ? Access.entries(map) : value;
    Map<String, Object> byFirst = Map.of("attribute", 0L);
    return sort(entries, new Arguments(arguments.positional(), byFirst));
  }

  private static Object unique(Object value, Arguments arguments) {
    Map<Object, Object> first = new LinkedHashMap<>();
    for (Object item : Values.items(value)) {
      first.putIfAbsent(key(item, Optional.empty(), arguments.flag(0, "case_sensitive")), item);
    }
    return new ArrayList<>(first.values());
  }

  /** Words end at white space, hyphens and opening brackets only. */
  private static String title(String text) {
    StringBuilder title = new StringBuilder();
    boolean starting = true;
    for (int i = 0; i < text.length(); i++) {
      String letter = text.substring(i, i + 1);
      title.append(starting ? Strings.upper(letter) : Strings.lower(letter));
      starting = Strings.isSpace(letter.charAt(0)) || "-({[<".contains(letter);
    }
    return title.toString();
  }

  private static Object json(Object value, Arguments arguments) {
    arguments.check("tojson", 0, Set.of("ensure_ascii", "indent"));
    if (arguments.flag(0, "ensure_ascii")) {
      throw new TemplateException("tojson with ensure_ascii is not supported");
    }
    Optional<Object> indent = arguments.given(0, "indent");
    return JsonText.of(value, indent.map(width -> (String) Arithmetic.multiply(" ", width)));
  }

  private static Object trim(Object value, Arguments arguments) {
    Optional<String> characters = arguments.given(0, "chars").map(Values::text);
    return Strings.strip(Values.text(value), characters, true, true);
  }
}
