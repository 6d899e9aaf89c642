package org.rlhf4j.jobs.dataset;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.expressions.GenericInternalRow;
import org.apache.spark.sql.catalyst.expressions.UnsafeArrayData;
import org.apache.spark.sql.catalyst.util.ArrayData;
import org.apache.spark.sql.catalyst.util.GenericArrayData;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.Metadata;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.unsafe.types.UTF8String;
import org.rlhf4j.data.dataset.DatasetColumn;
import org.rlhf4j.data.dataset.DatasetSchema;
import org.rlhf4j.data.dataset.InvalidRowException;
import org.rlhf4j.data.dataset.Message;

/**
 * Rows of Spark from and to the records of the dataset schemas; columns are the components in snake
 * case. Serializable.
 *
 * <p>{@code Encoders.bean} silently makes an empty schema for a record, hence the explicit
 * conversion. It is to Spark's own form of a row, where an array of numbers is one: the outer form
 * boxes each of its elements.
 */
public final class RecordCodec<R extends Record> implements Serializable {
  private static final long serialVersionUID = 1L;

  private static final StructType MESSAGE =
      new StructType()
          .add("role", DataTypes.StringType, false)
          .add("content", DataTypes.StringType, false);

  private final Class<R> record;

  private RecordCodec(Class<R> record) {
    this.record = record;
  }

  public static <R extends Record> RecordCodec<R> of(Class<R> record) {
    return new RecordCodec<>(record);
  }

  /** Columns with their documentation as comments. */
  public StructType schema() {
    StructType schema = new StructType();
    for (DatasetColumn column : columns()) {
      StructField field =
          new StructField(column.name(), dataType(column), column.isOptional(), Metadata.empty());
      schema = schema.add(field.withComment(column.doc()));
    }

    return schema;
  }

  public InternalRow toRow(R row) {
    List<DatasetColumn> columns = columns();
    Object[] values = new Object[columns.size()];
    for (int i = 0; i < values.length; i++) {
      DatasetColumn column = columns.get(i);
      values[i] = column.valueIn(row).map(value -> toSpark(column, value)).orElse(null);
    }

    return new GenericInternalRow(values);
  }

  /**
   * Null optional columns become empty.
   *
   * @param row with the columns of {@link #schema}, in that order; may be used again by who gave it
   * @throws InvalidRowException if a required column is null
   */
  public R fromRow(InternalRow row) {
    List<DatasetColumn> columns = columns();
    List<Optional<Object>> values = new ArrayList<>(columns.size());
    for (int i = 0; i < columns.size(); i++) {
      values.add(value(row, columns.get(i), i));
    }

    return DatasetSchema.of(record).row(values);
  }

  private List<DatasetColumn> columns() {
    return DatasetSchema.of(record).columns();
  }

  private static Optional<Object> value(InternalRow row, DatasetColumn column, int index) {
    if (!row.isNullAt(index)) {
      return Optional.of(fromSpark(column, row, index));
    }

    if (column.isOptional()) {
      return Optional.empty();
    }

    throw new InvalidRowException("column " + column.name() + " is missing");
  }

  private static DataType dataType(DatasetColumn column) {
    return switch (column.type()) {
      case TEXT, ENUM -> DataTypes.StringType;
      case INT -> DataTypes.IntegerType;
      case LONG -> DataTypes.LongType;
      case FLOAT -> DataTypes.FloatType;
      case DOUBLE -> DataTypes.DoubleType;
      case BOOLEAN -> DataTypes.BooleanType;
      case INT_ARRAY -> DataTypes.createArrayType(DataTypes.IntegerType, false);
      case FLOAT_ARRAY -> DataTypes.createArrayType(DataTypes.FloatType, false);
      case MESSAGES -> DataTypes.createArrayType(MESSAGE, false);
    };
  }

  private static Object toSpark(DatasetColumn column, Object value) {
    return switch (column.type()) {
      case TEXT -> UTF8String.fromString((String) value);
      case ENUM -> UTF8String.fromString(DatasetColumn.storedName((Enum<?>) value));
      case INT_ARRAY -> UnsafeArrayData.fromPrimitiveArray((int[]) value);
      case FLOAT_ARRAY -> UnsafeArrayData.fromPrimitiveArray((float[]) value);
      case MESSAGES ->
          new GenericArrayData(
              ((List<?>) value)
                  .stream().map(Message.class::cast).map(RecordCodec::toSpark).toArray());
      case INT, LONG, FLOAT, DOUBLE, BOOLEAN -> value;
    };
  }

  private static InternalRow toSpark(Message message) {
    return new GenericInternalRow(
        new Object[] {
          UTF8String.fromString(message.role()), UTF8String.fromString(message.content())
        });
  }

  private static Object fromSpark(DatasetColumn column, InternalRow row, int index) {
    return switch (column.type()) {
      case TEXT -> row.getUTF8String(index).toString();
      case ENUM -> constant(column, row.getUTF8String(index).toString());
      case INT -> row.getInt(index);
      case LONG -> row.getLong(index);
      case FLOAT -> row.getFloat(index);
      case DOUBLE -> row.getDouble(index);
      case BOOLEAN -> row.getBoolean(index);
      case INT_ARRAY -> row.getArray(index).toIntArray();
      case FLOAT_ARRAY -> row.getArray(index).toFloatArray();
      case MESSAGES -> messages(row.getArray(index));
    };
  }

  private static Object constant(DatasetColumn column, String stored) {
    return column
        .constant(stored)
        .orElseThrow(
            () ->
                new InvalidRowException(
                    "column %s must be one of %s, but is %s"
                        .formatted(column.name(), column.storedNames(), stored)));
  }

  private static List<Message> messages(ArrayData array) {
    List<Message> messages = new ArrayList<>(array.numElements());
    for (int i = 0; i < array.numElements(); i++) {
      InternalRow message = array.getStruct(i, MESSAGE.size());
      messages.add(
          new Message(message.getUTF8String(0).toString(), message.getUTF8String(1).toString()));
    }

    return List.copyOf(messages);
  }
}
