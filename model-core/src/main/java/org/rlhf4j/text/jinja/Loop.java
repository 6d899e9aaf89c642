package org.rlhf4j.text.jinja;

import java.util.List;

/** The variable {@code loop}. */
record Loop(List<Object> items, int index0) {
  Object find(String name) {
    return switch (name) {
      case "index0" -> (long) index0;
      case "index" -> (long) index0 + 1;
      case "revindex0" -> (long) items.size() - index0 - 1;
      case "revindex" -> (long) items.size() - index0;
      case "first" -> index0 == 0;
      case "last" -> index0 == items.size() - 1;
      case "length" -> (long) items.size();
      case "previtem" -> neighbour(index0 - 1, "there is no previous item");
      case "nextitem" -> neighbour(index0 + 1, "there is no next item");
      case "cycle" ->
          (Function)
              arguments -> arguments.positional().get(index0 % arguments.positional().size());
      default -> Undefined.attribute(this, name);
    };
  }

  private Object neighbour(int index, String problem) {
    return index >= 0 && index < items.size() ? items.get(index) : new Undefined(problem);
  }
}
