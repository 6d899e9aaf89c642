package org.rlhf4j.text.jinja;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/** JSON as Python's {@code json.dumps(value, ensure_ascii=False)} writes it. */
final class JsonText {
  private final Optional<String> indent;
  private final StringBuilder text = new StringBuilder();

  private JsonText(Optional<String> indent) {
    this.indent = indent;
  }

  /**
   * @param indent of one level; without one everything stands on one line
   */
  static String of(Object value, Optional<String> indent) {
    JsonText json = new JsonText(indent);
    json.write(value, 0);
    return json.text.toString();
  }

  private void write(Object value, int depth) {
    Strings.checkLength(text.length());
    if (value instanceof String string) {
      writeString(string);
    } else if (value instanceof List<?> list) {
      writeList(list, depth);
    } else if (value instanceof Map<?, ?> map) {
      writeMap(map, depth);
    } else if (value instanceof Boolean || value == Nothing.NONE) {
      text.append(value == Nothing.NONE ? "null" : value);
    } else if (value instanceof Number) {
      text.append(Values.repr(value));
    } else {
      throw new TemplateException(Values.typeName(value) + " has no JSON form");
    }
  }

  private void writeList(List<?> list, int depth) {
    text.append('[');
    for (int i = 0; i < list.size(); i++) {
      separate(i, depth + 1);
      write(list.get(i), depth + 1);
    }
    close(list.isEmpty(), depth, ']');
  }

  private void writeMap(Map<?, ?> map, int depth) {
    text.append('{');
    int i = 0;
    for (Map.Entry<?, ?> entry : map.entrySet()) {
      separate(i++, depth + 1);
      writeString(Values.text(entry.getKey()));
      text.append(": ");
      write(entry.getValue(), depth + 1);
    }
    close(map.isEmpty(), depth, '}');
  }

  private void separate(int index, int depth) {
    text.append(index == 0 ? "" : ",");
    if (indent.isPresent()) {
      text.append('\n').append(indent.get().repeat(depth));
    } else {
      text.append(index == 0 ? "" : " ");
    }
  }

  private void close(boolean empty, int depth, char bracket) {
    if (indent.isPresent() && !empty) {
      text.append('\n').append(indent.get().repeat(depth));
    }
    text.append(bracket);
  }

  private void writeString(String string) {
    text.append('"');
    for (int i = 0; i < string.length(); i++) {
      char c = string.charAt(i);
      int escaped = "\"\\\n\r\t\b\f".indexOf(c);
      if (escaped >= 0) {
        text.append('\\').append("\"\\nrtbf".charAt(escaped));
      } else if (c < ' ') {
        text.append(String.format("\\u%04x", (int) c));
      } else {
        text.append(c);
      }
    }
    text.append('"');
  }
}
