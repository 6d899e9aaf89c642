package org.rlhf4j.jobs.dataset;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.spark.sql.Encoder;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.Metadata;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;
import org.rlhf4j.data.dataset.DatasetColumn;
import org.rlhf4j.data.dataset.DatasetSchema;
import org.rlhf4j.data.dataset.InvalidRowException;
import org.rlhf4j.data.dataset.Message;

/**
 * Rows of Spark from and to the records of the dataset schemas; columns are the components in snake
 * case. Serializable.
 *
 * <p>{@code Encoders.bean} silently makes an empty schema for a record, hence the explicit
 * conversion.
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

  public Encoder<Row> encoder() {
    return Encoders.row(schema());
  }

  public Row toRow(R row) {
    List<DatasetColumn> columns = columns();
    Object[] values = new Object[columns.size()];
    for (int i = 0; i < values.length; i++) {
      DatasetColumn column = columns.get(i);
      values[i] = column.valueIn(row).map(value -> toSpark(column, value)).orElse(null);
    }

    return RowFactory.create(values);
  }

  /**
   * Columns are found by name; absent or null optional columns become empty.
   *
   * @throws InvalidRowException if a required column is absent or null
   */
  public R fromRow(Row row) {
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

  private static Optional<Object> value(Row row, DatasetColumn column, int expectedIndex) {
    Optional<Integer> index = indexOf(row.schema(), column, expectedIndex);
    if (index.isPresent() && !row.isNullAt(index.get())) {
      return Optional.of(fromSpark(column, row, index.get()));
    }

    if (column.isOptional()) {
      return Optional.empty();
    }

    throw new InvalidRowException("column " + column.name() + " is missing");
  }

  /** Rows made by {@link #toRow} have no schema: there the position decides. */
  private static Optional<Integer> indexOf(
      StructType schema, DatasetColumn column, int expectedIndex) {
    if (schema == null) {
      return Optional.of(expectedIndex);
    }

    StructField[] fields = schema.fields();
    if (expectedIndex < fields.length && fields[expectedIndex].name().equals(column.name())) {
      return Optional.of(expectedIndex);
    }

    return schema.getFieldIndex(column.name()).isDefined()
        ? Optional.of(schema.fieldIndex(column.name()))
        : Optional.empty();
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
      case ENUM -> DatasetColumn.storedName((Enum<?>) value);
      case MESSAGES ->
          ((List<?>) value)
              .stream()
                  .map(Message.class::cast)
                  .map(message -> RowFactory.create(message.role(), message.content()))
                  .toArray();
      default -> value;
    };
  }

  private static Object fromSpark(DatasetColumn column, Row row, int index) {
    return switch (column.type()) {
      case ENUM ->
          column
              .constant(row.getString(index))
              .orElseThrow(
                  () ->
                      new InvalidRowException(
                          "column %s must be one of %s, but is %s"
                              .formatted(
                                  column.name(), column.storedNames(), row.getString(index))));
      case INT_ARRAY -> SparkArrays.ints(row.get(index));
      case FLOAT_ARRAY -> SparkArrays.floats(row.get(index));
      case MESSAGES -> SparkArrays.messages(row.get(index));
      default -> row.get(index);
    };
  }
}
