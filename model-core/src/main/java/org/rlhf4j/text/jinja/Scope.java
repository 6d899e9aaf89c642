package org.rlhf4j.text.jinja;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** Variables, those of a loop or macro above those around it. */
final class Scope {
  private static final long MOST_STEPS = 2_000_000;

  private final Optional<Scope> outer;
  private final Map<String, Object> variables;
  private final long[] steps;

  private Scope(Optional<Scope> outer, Map<String, Object> variables, long[] steps) {
    this.outer = outer;
    this.variables = variables;
    this.steps = steps;
  }

  static Scope of(Map<String, Object> variables) {
    return new Scope(Optional.empty(), variables, new long[1]);
  }

  Scope inner() {
    return new Scope(Optional.of(this), new HashMap<>(), steps);
  }

  Object find(String name) {
    for (Scope scope = this; ; scope = scope.outer.get()) {
      Object value = scope.variables.get(name);
      if (value != null) {
        return value;
      }
      if (scope.outer.isEmpty()) {
        return Undefined.variable(name);
      }
    }
  }

  void set(String name, Object value) {
    variables.put(name, value);
  }

  /** Counts a piece of work. */
  void step() {
    if (++steps[0] > MOST_STEPS) {
      throw new TemplateException("it does not come to an end");
    }
  }
}
