package org.rlhf4j.data.dataset;

import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.util.List;

/** The kinds of values a column may hold. */
public enum ColumnType {
  TEXT("text"),
  INT("int"),
  LONG("long"),
  FLOAT("float"),
  DOUBLE("double"),
  BOOLEAN("boolean"),
  /** Stored as text, in lower case. */
  ENUM("text"),
  INT_ARRAY("array of int"),
  FLOAT_ARRAY("array of float"),
  /** Turns of a prompt, each a role and a content. */
  MESSAGES("array of (role text, content text)");

  private final String documentedName;

  ColumnType(String documentedName) {
    this.documentedName = documentedName;
  }

  /** Name of the type in the documentation. */
  public String documentedName() {
    return documentedName;
  }

  static ColumnType of(Type type) {
    if (type instanceof Class<?> plain) {
      return ofClass(plain);
    }

    if (type instanceof ParameterizedType generic
        && generic.getRawType() == List.class
        && generic.getActualTypeArguments()[0] == Message.class) {
      return MESSAGES;
    }

    throw unsupported(type);
  }

  private static ColumnType ofClass(Class<?> type) {
    if (type == String.class) {
      return TEXT;
    } else if (type == int.class || type == Integer.class) {
      return INT;
    } else if (type == long.class || type == Long.class) {
      return LONG;
    } else if (type == float.class || type == Float.class) {
      return FLOAT;
    } else if (type == double.class || type == Double.class) {
      return DOUBLE;
    } else if (type == boolean.class || type == Boolean.class) {
      return BOOLEAN;
    } else if (type == int[].class) {
      return INT_ARRAY;
    } else if (type == float[].class) {
      return FLOAT_ARRAY;
    } else if (type.isEnum()) {
      return ENUM;
    }

    throw unsupported(type);
  }

  private static IllegalArgumentException unsupported(Type type) {
    return new IllegalArgumentException("Unsupported type of a dataset column: " + type);
  }
}
