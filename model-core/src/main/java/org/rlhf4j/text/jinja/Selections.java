package org.rlhf4j.text.jinja;

import java.util.List;
import java.util.Optional;

/** Filters that go through a list by attributes, filters and tests. */
final class Selections {
  private Selections() {}

  /** {@code map(attribute='name')} or {@code map('filter', ...)}. */
  static Object map(Object value, Arguments arguments) {
    List<Object> items = Values.items(value);
    Optional<Object> path = Optional.ofNullable(arguments.named().get("attribute"));
    if (path.isPresent()) {
      Optional<Object> fallback = Optional.ofNullable(arguments.named().get("default"));
      return attributes(items, path.get()).stream()
          .map(item -> item instanceof Undefined ? fallback.orElse(item) : item)
          .toList();
    }
    Filters.Filter filter = Filters.named(Values.string(arguments.get(0, "filter")));
    Arguments rest = arguments.from(1);
    return items.stream().map(item -> filter.apply(item, rest)).toList();
  }

  static List<Object> attributes(List<Object> items, Object path) {
    return items.stream().map(item -> attribute(item, path)).toList();
  }

  /** An attribute of an attribute, as in {@code function.name}, or an item by its number. */
  static Object attribute(Object item, Object path) {
    Object value = item;
    for (String name : Values.text(path).split("\\.")) {
      boolean number = !name.isEmpty() && name.chars().allMatch(Character::isDigit);
      value = Access.item(value, number ? (Object) Long.parseLong(name) : name);
    }
    return value;
  }

  static Object select(Object value, Arguments arguments, boolean wanted) {
    return Values.items(value).stream().filter(item -> passes(item, arguments) == wanted).toList();
  }

  static Object selectByAttribute(Object value, Arguments arguments, boolean wanted) {
    Object path = arguments.get(0, "attribute");
    Arguments test = arguments.from(1);
    return Values.items(value).stream()
        .filter(item -> passes(attribute(item, path), test) == wanted)
        .toList();
  }

  /** Without a test, what counts as true passes. */
  private static boolean passes(Object value, Arguments test) {
    return test.positional().isEmpty()
        ? Values.isTrue(value)
        : Predicates.named(Values.string(test.positional().get(0))).test(value, test.from(1));
  }
}
