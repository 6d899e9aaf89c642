package org.rlhf4j.text.jinja;

import java.util.HashMap;
import java.util.Map;

/** {@code namespace(...)}: what loops may change. */
final class Namespace {
  private final Map<String, Object> attributes;

  Namespace(Map<String, Object> attributes) {
    this.attributes = new HashMap<>(attributes);
  }

  Object find(String name) {
    Object value = attributes.get(name);
    return value == null ? Undefined.attribute(this, name) : value;
  }

  void set(String name, Object value) {
    attributes.put(name, value);
  }
}
