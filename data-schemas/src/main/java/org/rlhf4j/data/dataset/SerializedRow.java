package org.rlhf4j.data.dataset;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Java-serialised form of a dataset row. Records with {@code Optional} components cannot be
 * serialised as they are, so they name this as their replacement; that lets rows cross a shuffle or
 * return to the driver.
 */
record SerializedRow(Class<? extends Record> type, Object[] values) implements Serializable {
  static SerializedRow of(Record row) {
    List<DatasetColumn> columns = DatasetSchema.of(row.getClass()).columns();
    Object[] values = new Object[columns.size()];
    for (int i = 0; i < values.length; i++) {
      values[i] = columns.get(i).valueIn(row).orElse(null);
    }

    return new SerializedRow(row.getClass(), values);
  }

  private Object readResolve() {
    List<Optional<Object>> columns = new ArrayList<>(values.length);
    for (Object value : values) {
      columns.add(Optional.ofNullable(value));
    }

    return DatasetSchema.of(type).row(columns);
  }
}
