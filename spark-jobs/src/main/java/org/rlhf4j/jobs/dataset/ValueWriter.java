package org.rlhf4j.jobs.dataset;

import org.apache.parquet.column.ColumnWriter;
import org.apache.parquet.io.api.Binary;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.types.ArrayType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructField;

/**
 * Hands the values of one field to Parquet's writer of its column, with repetition and definition
 * levels [1]: a list's first element begins a row (repetition 0), the others go on with it (1).
 *
 * <p>[1] https://parquet.apache.org/docs/file-format/nestedencoding
 */
final class ValueWriter implements FieldWriter {
  private final int ordinal;
  private final int present; // definition level of a value, or of a list, that is there
  private final ColumnWriter column;
  private final Value value;

  /** A value of one type. */
  @FunctionalInterface
  private interface Value {
    void write(InternalRow row, int ordinal, int definition, ColumnWriter column);
  }

  private ValueWriter(int ordinal, int present, ColumnWriter column, Value value) {
    this.ordinal = ordinal;
    this.present = present;
    this.column = column;
    this.value = value;
  }

  static boolean canWrite(StructField field) {
    DataType type = field.dataType();
    return isArray(field)
        || type.equals(DataTypes.StringType)
        || type.equals(DataTypes.IntegerType)
        || type.equals(DataTypes.LongType)
        || type.equals(DataTypes.FloatType)
        || type.equals(DataTypes.DoubleType)
        || type.equals(DataTypes.BooleanType);
  }

  /** Whether it is an array of numbers, none of them null. */
  static boolean isArray(StructField field) {
    return field.dataType() instanceof ArrayType array
        && !array.containsNull()
        && (array.elementType().equals(DataTypes.IntegerType)
            || array.elementType().equals(DataTypes.FloatType));
  }

  static boolean isFloatArray(StructField field) {
    return isArray(field)
        && ((ArrayType) field.dataType()).elementType().equals(DataTypes.FloatType);
  }

  /** Of the column in a Parquet schema. */
  static String[] path(StructField field) {
    return isArray(field)
        ? new String[] {field.name(), "list", "element"}
        : new String[] {field.name()};
  }

  /**
   * @param ordinal place of the field in rows
   */
  static ValueWriter of(StructField field, int ordinal, ColumnWriter column) {
    return new ValueWriter(ordinal, field.nullable() ? 1 : 0, column, value(field.dataType()));
  }

  @Override
  public void write(InternalRow row) {
    if (present == 1 && row.isNullAt(ordinal)) {
      column.writeNull(0, 0);
    } else {
      value.write(row, ordinal, present, column);
    }
  }

  /** Of the store that holds all such columns together. */
  @Override
  public long bufferedBytes() {
    return 0;
  }

  @Override
  public void flush() {}

  private static Value value(DataType type) {
    if (type instanceof ArrayType) {
      return ValueWriter::writeInts;
    } else if (type.equals(DataTypes.StringType)) {
      return (row, i, level, column) -> column.write(text(row, i), 0, level);
    } else if (type.equals(DataTypes.IntegerType)) {
      return (row, i, level, column) -> column.write(row.getInt(i), 0, level);
    } else if (type.equals(DataTypes.LongType)) {
      return (row, i, level, column) -> column.write(row.getLong(i), 0, level);
    } else if (type.equals(DataTypes.FloatType)) {
      return (row, i, level, column) -> column.write(row.getFloat(i), 0, level);
    } else if (type.equals(DataTypes.DoubleType)) {
      return (row, i, level, column) -> column.write(row.getDouble(i), 0, level);
    }
    return (row, i, level, column) -> column.write(row.getBoolean(i), 0, level);
  }

  private static Binary text(InternalRow row, int ordinal) {
    return Binary.fromConstantByteArray(row.getUTF8String(ordinal).getBytes());
  }

  private static void writeInts(InternalRow row, int ordinal, int list, ColumnWriter column) {
    int[] values = row.getArray(ordinal).toIntArray();
    for (int i = 0; i < values.length; i++) {
      column.write(values[i], i == 0 ? 0 : 1, list + 1);
    }
    if (values.length == 0) {
      column.writeNull(0, list);
    }
  }
}
