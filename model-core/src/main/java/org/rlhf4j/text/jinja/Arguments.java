package org.rlhf4j.text.jinja;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** What a function, filter or test is called with. */
record Arguments(List<Object> positional, Map<String, Object> named) {
  static final Arguments NONE = new Arguments(List.of(), Map.of());

  /** The argument at a place or of a name; empty where it is not given. */
  Optional<Object> find(int index, String name) {
    return index < positional.size()
        ? Optional.of(positional.get(index))
        : Optional.ofNullable(named.get(name));
  }

  /** The same, None counting as not given. */
  Optional<Object> given(int index, String name) {
    return find(index, name).filter(value -> value != Nothing.NONE);
  }

  Object get(int index, String name) {
    return find(index, name)
        .orElseThrow(() -> new TemplateException("the argument '" + name + "' is missing"));
  }

  boolean flag(int index, String name) {
    return find(index, name).map(Values::isTrue).orElse(false);
  }

  /** Refuses arguments that the callee would otherwise pass over. */
  Arguments check(String callee, int mostPositional, Set<String> names) {
    if (positional.size() > mostPositional || !names.containsAll(named.keySet())) {
      throw new TemplateException("'" + callee + "' is called with arguments it does not take");
    }
    return this;
  }

  Arguments from(int index) {
    return new Arguments(
        positional.subList(Math.min(index, positional.size()), positional.size()), named);
  }
}
