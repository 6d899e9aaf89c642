package org.rlhf4j.data.dataset;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** One column of a dataset: a component of its record. */
public final class DatasetColumn {
  private final RecordComponent component;
  private final Type valueType;
  private final ColumnType type;
  private final String name;
  private final boolean isOptional;

  DatasetColumn(RecordComponent component) {
    this.component = component;
    this.isOptional = component.getType() == Optional.class;
    this.valueType =
        isOptional
            ? ((ParameterizedType) component.getGenericType()).getActualTypeArguments()[0]
            : component.getGenericType();
    this.type = ColumnType.of(valueType);
    this.name = snakeCase(component.getName());
    component.getAccessor().setAccessible(true);
  }

  /** Column name, snake case. */
  public String name() {
    return name;
  }

  public ColumnType type() {
    return type;
  }

  /** Whether a row may have no value here. */
  public boolean isOptional() {
    return isOptional;
  }

  /** Meaning, unit and shape. */
  public String doc() {
    Column column = component.getAnnotation(Column.class);
    return column == null ? "" : column.value();
  }

  /** Values of an enum column as they are stored; empty for other columns. */
  public List<String> storedNames() {
    if (type != ColumnType.ENUM) {
      return List.of();
    }

    return Arrays.stream(((Class<?>) valueType).getEnumConstants())
        .map(constant -> storedName((Enum<?>) constant))
        .toList();
  }

  /** Value of this column in a row: a boxed number, text, enum constant, array or list. */
  public Optional<Object> valueIn(Record row) {
    try {
      Object value = component.getAccessor().invoke(row);
      return isOptional ? ((Optional<?>) value).map(Object.class::cast) : Optional.of(value);
    } catch (IllegalAccessException | InvocationTargetException e) {
      throw new IllegalStateException("Cannot read column " + name, e);
    }
  }

  /** Constant of an enum column by its stored name, any case; empty if there is none. */
  public Optional<Object> constant(String storedName) {
    return Arrays.stream(((Class<?>) valueType).getEnumConstants())
        .filter(constant -> storedName((Enum<?>) constant).equalsIgnoreCase(storedName))
        .map(Object.class::cast)
        .findFirst();
  }

  /** How an enum constant is stored: its name in lower case. */
  public static String storedName(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT);
  }

  Class<?> componentClass() {
    return component.getType();
  }

  private static String snakeCase(String camelCase) {
    StringBuilder snake = new StringBuilder();
    for (int i = 0; i < camelCase.length(); i++) {
      char c = camelCase.charAt(i);
      if (Character.isUpperCase(c)) {
        snake.append('_');
      }

      snake.append(Character.toLowerCase(c));
    }

    return snake.toString();
  }
}
