package org.rlhf4j.data.dataset;

import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** Columns of a dataset, read from the components of its record. Immutable. */
public final class DatasetSchema<R extends Record> {
  private static final ClassValue<DatasetSchema<?>> SCHEMAS =
      new ClassValue<>() {
        @Override
        protected DatasetSchema<?> computeValue(Class<?> type) {
          return new DatasetSchema<>(type.asSubclass(Record.class));
        }
      };

  private final Class<R> record;
  private final Schema annotation;
  private final List<DatasetColumn> columns;
  private final Constructor<R> constructor;

  private DatasetSchema(Class<R> record) {
    this.record = record;
    this.annotation = record.getAnnotation(Schema.class);
    if (annotation == null) {
      throw new IllegalArgumentException(record + " is no dataset: it lacks @Schema");
    }

    this.columns =
        Arrays.stream(record.getRecordComponents())
            .map(component -> new DatasetColumn(component))
            .toList();
    this.constructor = canonicalConstructor(record, columns);
  }

  @SuppressWarnings("unchecked") // the value for a class is made for that class
  public static <R extends Record> DatasetSchema<R> of(Class<R> record) {
    return (DatasetSchema<R>) SCHEMAS.get(record);
  }

  /** Name of the dataset and of its folder. */
  public String name() {
    return annotation.name();
  }

  public int version() {
    return annotation.version();
  }

  public String doc() {
    return annotation.doc();
  }

  public Class<R> record() {
    return record;
  }

  public List<DatasetColumn> columns() {
    return columns;
  }

  /**
   * A row from its values.
   *
   * @param values one per column, in order, in the form of {@link DatasetColumn#valueIn}; only
   *     optional columns may be empty
   */
  public R row(List<Optional<Object>> values) {
    Object[] arguments = new Object[columns.size()];
    for (int i = 0; i < arguments.length; i++) {
      DatasetColumn column = columns.get(i);
      Optional<Object> value = values.get(i);
      arguments[i] = column.isOptional() ? value : required(column, value);
    }

    try {
      return constructor.newInstance(arguments);
    } catch (InstantiationException | IllegalAccessException | InvocationTargetException e) {
      throw new IllegalStateException("Cannot build a row of " + name(), e);
    }
  }

  private Object required(DatasetColumn column, Optional<Object> value) {
    return value.orElseThrow(
        () ->
            new IllegalArgumentException(
                "Column " + column.name() + " of dataset " + name() + " has no value"));
  }

  private static <R extends Record> Constructor<R> canonicalConstructor(
      Class<R> record, List<DatasetColumn> columns) {
    try {
      Class<?>[] types =
          columns.stream().map(DatasetColumn::componentClass).toArray(Class<?>[]::new);
      Constructor<R> constructor = record.getDeclaredConstructor(types);
      constructor.setAccessible(true);
      return constructor;
    } catch (NoSuchMethodException e) {
      throw new IllegalStateException("No canonical constructor in " + record, e);
    }
  }
}
