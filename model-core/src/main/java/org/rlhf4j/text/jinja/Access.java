package org.rlhf4j.text.jinja;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Attributes, items and slices of values. */
final class Access {
  private static final Set<String> CHANGES_A_DICTIONARY =
      Set.of("clear", "pop", "popitem", "setdefault", "update");
  private static final Set<String> CHANGES_A_LIST =
      Set.of("append", "clear", "extend", "insert", "pop", "remove", "reverse", "sort");

  private Access() {}

  /** {@code owner.name}: methods come before items. */
  static Object attribute(Object owner, String name) {
    if (owner instanceof Undefined undefined) {
      throw undefined.error();
    }
    if (owner instanceof Map<?, ?> map) {
      return ofMap(map, name);
    }
    if (owner instanceof String text) {
      return StringMethods.find(text, name);
    }
    if (owner instanceof Namespace namespace) {
      return namespace.find(name);
    }
    if (owner instanceof Loop loop) {
      return loop.find(name);
    }
    if (owner instanceof List<?> list) {
      return ofList(list, name);
    }
    return Undefined.attribute(owner, name);
  }

  private static Object ofMap(Map<?, ?> map, String name) {
    if (CHANGES_A_DICTIONARY.contains(name)) {
      throw new TemplateException("'" + name + "' would change a dictionary");
    }
    return switch (name) {
      case "items" -> (Function) arguments -> entries(map);
      case "keys" -> (Function) arguments -> new ArrayList<Object>(map.keySet());
      case "values" -> (Function) arguments -> new ArrayList<Object>(map.values());
      case "copy" -> (Function) arguments -> map;
      case "get" -> (Function) arguments -> value(map, arguments);
      default -> {
        Object value = map.get(name);
        yield value == null ? Undefined.attribute(map, name) : value;
      }
    };
  }

  static List<Object> entries(Map<?, ?> map) {
    List<Object> entries = new ArrayList<>();
    map.forEach((key, value) -> entries.add(List.of(key, value)));
    return entries;
  }

  private static Object value(Map<?, ?> map, Arguments arguments) {
    Object value = map.get(arguments.get(0, "key"));
    return value == null ? arguments.find(1, "default").orElse(Nothing.NONE) : value;
  }

  private static Object ofList(List<?> list, String name) {
    if (CHANGES_A_LIST.contains(name)) {
      throw new TemplateException("'" + name + "' would change a list");
    }
    if (name.equals("count")) {
      return (Function)
          arguments ->
              list.stream()
                  .filter(item -> Values.areEqual(item, arguments.get(0, "value")))
                  .count();
    }
    return Undefined.attribute(list, name);
  }

  /** {@code owner[key]}: items come before methods. */
  static Object item(Object owner, Object key) {
    if (owner instanceof Undefined undefined) {
      throw undefined.error();
    }
    if (owner instanceof Map<?, ?> map && map.containsKey(key)) {
      return map.get(key);
    }
    if (key instanceof Long index && (owner instanceof List || owner instanceof String)) {
      List<Object> items = Values.items(owner);
      long place = index < 0 ? index + items.size() : index;
      return place >= 0 && place < items.size()
          ? items.get((int) place)
          : Undefined.attribute(owner, key);
    }
    return key instanceof String name ? attribute(owner, name) : Undefined.attribute(owner, key);
  }

  /** {@code owner[start:stop:step]}. */
  static Object slice(
      Object owner, Optional<Object> start, Optional<Object> stop, Optional<Object> step) {
    if (owner instanceof Undefined undefined) {
      throw undefined.error();
    }
    if (owner instanceof Map) {
      throw new TemplateException("a dictionary has no slices");
    }
    List<Object> items = Values.items(owner);
    long given = step.map(Arithmetic::integer).orElse(1L);
    long by = Math.min(Math.max(given, -items.size() - 1L), items.size() + 1L);
    if (by == 0) {
      throw new TemplateException("the step of a slice must not be zero");
    }
    long lowest = by > 0 ? 0 : -1;
    long highest = by > 0 ? items.size() : items.size() - 1L;
    long from =
        start.map(i -> bound(i, items.size(), lowest, highest)).orElse(by > 0 ? lowest : highest);
    long to =
        stop.map(i -> bound(i, items.size(), lowest, highest)).orElse(by > 0 ? highest : lowest);
    List<Object> slice = new ArrayList<>();
    for (long i = from; by > 0 ? i < to : i > to; i += by) {
      slice.add(items.get((int) i));
    }
    return owner instanceof String ? Values.join(slice, "") : slice;
  }

  private static long bound(Object index, int size, long lowest, long highest) {
    long place = Arithmetic.integer(index);
    return Math.min(Math.max(place < 0 ? place + size : place, lowest), highest);
  }
}
