package org.rlhf4j.jobs.dataset;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.temporal.ChronoUnit;
import org.apache.parquet.example.data.Group;
import org.apache.parquet.io.api.Binary;
import org.apache.parquet.schema.GroupType;
import org.apache.parquet.schema.LogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.DateLogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.DecimalLogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.EnumLogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.IntLogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.JsonLogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.ListLogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.MapKeyValueTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.MapLogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.StringLogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.TimeLogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.TimeUnit;
import org.apache.parquet.schema.LogicalTypeAnnotation.TimestampLogicalTypeAnnotation;
import org.apache.parquet.schema.PrimitiveType;
import org.apache.parquet.schema.Type;

/**
 * Writes rows of Parquet as JSON objects with every column, absent ones as null. Texts are written
 * byte by byte, so that whoever reads the row sees what is no UTF-8 in it. Times become texts in
 * ISO 8601, in UTC; NaN becomes null, as what is absent from a column of numbers is often written;
 * bytes that are no text become an object, so that nobody takes them for one.
 */
final class ParquetJson {
  private static final JsonFactory JSON = new JsonFactory();
  private static final int JULIAN_DAY_OF_1970 = 2_440_588;

  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

  byte[] write(Group row) throws IOException {
    bytes.reset();
    try (JsonGenerator json = JSON.createGenerator(bytes)) {
      writeStruct(row, json);
    }

    return bytes.toByteArray();
  }

  private static void writeStruct(Group struct, JsonGenerator json) throws IOException {
    json.writeStartObject();
    for (int field = 0; field < struct.getType().getFieldCount(); field++) {
      json.writeFieldName(struct.getType().getFieldName(field));
      writeField(struct, field, json);
    }

    json.writeEndObject();
  }

  /** A repeated field that is not part of a list is a list by itself. */
  private static void writeField(Group struct, int field, JsonGenerator json) throws IOException {
    if (isRepeated(struct.getType(), field)) {
      writeElements(struct, field, json);
    } else if (struct.getFieldRepetitionCount(field) == 0) {
      json.writeNull();
    } else {
      writeValue(struct, field, 0, json);
    }
  }

  private static void writeElements(Group struct, int field, JsonGenerator json)
      throws IOException {
    json.writeStartArray();
    for (int i = 0; i < struct.getFieldRepetitionCount(field); i++) {
      writeValue(struct, field, i, json);
    }

    json.writeEndArray();
  }

  private static void writeValue(Group struct, int field, int i, JsonGenerator json)
      throws IOException {
    Type type = struct.getType().getType(field);
    if (type.isPrimitive()) {
      writePrimitive(struct, field, i, json);
      return;
    }

    Group value = struct.getGroup(field, i);
    LogicalTypeAnnotation meaning = type.getLogicalTypeAnnotation();
    boolean isWrapped = value.getType().getFieldCount() == 1 && isRepeated(value.getType(), 0);
    if (isWrapped && meaning instanceof ListLogicalTypeAnnotation) {
      writeList(value, json);
    } else if (isWrapped && isMap(meaning)) {
      writeMap(value, json);
    } else {
      writeStruct(value, json);
    }
  }

  private static boolean isMap(LogicalTypeAnnotation meaning) {
    return meaning instanceof MapLogicalTypeAnnotation
        || meaning instanceof MapKeyValueTypeAnnotation;
  }

  /**
   * The repeated field is the element itself, or wraps it, by the rules for old writers [1].
   *
   * <p>[1] https://github.com/apache/parquet-format/blob/master/LogicalTypes.md#lists
   */
  private static void writeList(Group list, JsonGenerator json) throws IOException {
    Type repeated = list.getType().getType(0);
    boolean isElement =
        repeated.isPrimitive()
            || repeated.asGroupType().getFieldCount() != 1
            || repeated.getName().equals("array")
            || repeated.getName().equals(list.getType().getName() + "_tuple");
    if (isElement) {
      writeElements(list, 0, json);
      return;
    }

    json.writeStartArray();
    for (int i = 0; i < list.getFieldRepetitionCount(0); i++) {
      writeField(list.getGroup(0, i), 0, json);
    }

    json.writeEndArray();
  }

  private static void writeMap(Group map, JsonGenerator json) throws IOException {
    json.writeStartObject();
    for (int i = 0; i < map.getFieldRepetitionCount(0); i++) {
      Group entry = map.getGroup(0, i);
      json.writeFieldName(entry.getValueToString(0, 0));
      if (entry.getType().getFieldCount() == 1) {
        json.writeNull();
      } else {
        writeField(entry, 1, json);
      }
    }

    json.writeEndObject();
  }

  private static void writePrimitive(Group struct, int field, int i, JsonGenerator json)
      throws IOException {
    PrimitiveType type = struct.getType().getType(field).asPrimitiveType();
    LogicalTypeAnnotation meaning = type.getLogicalTypeAnnotation();
    switch (type.getPrimitiveTypeName()) {
      case BOOLEAN -> json.writeBoolean(struct.getBoolean(field, i));
      case FLOAT -> {
        float value = struct.getFloat(field, i);
        if (Float.isNaN(value)) {
          json.writeNull();
        } else {
          json.writeNumber(value);
        }
      }
      case DOUBLE -> {
        double value = struct.getDouble(field, i);
        if (Double.isNaN(value)) {
          json.writeNull();
        } else {
          json.writeNumber(value);
        }
      }
      case INT32 -> {
        int value = struct.getInteger(field, i);
        writeWhole(isUnsigned(meaning) ? Integer.toUnsignedLong(value) : value, meaning, json);
      }
      case INT64 -> writeWhole(struct.getLong(field, i), meaning, json);
      case INT96 -> json.writeString(time(struct.getInt96(field, i)).toString());
      case BINARY, FIXED_LEN_BYTE_ARRAY -> writeBytes(struct.getBinary(field, i), meaning, json);
    }
  }

  private static void writeWhole(long value, LogicalTypeAnnotation meaning, JsonGenerator json)
      throws IOException {
    if (meaning instanceof DecimalLogicalTypeAnnotation decimal) {
      json.writeNumber(BigDecimal.valueOf(value, decimal.getScale()));
    } else if (meaning instanceof DateLogicalTypeAnnotation) {
      json.writeString(LocalDate.ofEpochDay(value).toString());
    } else if (meaning instanceof TimeLogicalTypeAnnotation time) {
      json.writeString(LocalTime.MIDNIGHT.plus(value, unit(time.getUnit())).toString());
    } else if (meaning instanceof TimestampLogicalTypeAnnotation time) {
      json.writeString(Instant.EPOCH.plus(value, unit(time.getUnit())).toString());
    } else if (isUnsigned(meaning)) {
      json.writeNumber(Long.toUnsignedString(value));
    } else {
      json.writeNumber(value);
    }
  }

  private static void writeBytes(Binary value, LogicalTypeAnnotation meaning, JsonGenerator json)
      throws IOException {
    byte[] content = value.getBytesUnsafe();
    boolean isText =
        meaning instanceof StringLogicalTypeAnnotation
            || meaning instanceof EnumLogicalTypeAnnotation
            || meaning instanceof JsonLogicalTypeAnnotation;
    if (meaning instanceof DecimalLogicalTypeAnnotation decimal) {
      json.writeNumber(new BigDecimal(new BigInteger(content), decimal.getScale()));
    } else if (isText || isUtf8(content)) {
      json.writeUTF8String(content, 0, content.length);
    } else {
      json.writeStartObject();
      json.writeBinaryField("base64", content);
      json.writeEndObject();
    }
  }

  private static boolean isUtf8(byte[] content) {
    try {
      StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(content));
      return true;
    } catch (CharacterCodingException e) {
      return false;
    }
  }

  private static boolean isRepeated(GroupType struct, int field) {
    return struct.getType(field).isRepetition(Type.Repetition.REPEATED);
  }

  private static boolean isUnsigned(LogicalTypeAnnotation meaning) {
    return meaning instanceof IntLogicalTypeAnnotation whole && !whole.isSigned();
  }

  private static ChronoUnit unit(TimeUnit unit) {
    return switch (unit) {
      case MILLIS -> ChronoUnit.MILLIS;
      case MICROS -> ChronoUnit.MICROS;
      case NANOS -> ChronoUnit.NANOS;
    };
  }

  /** Nanoseconds of the day, then the Julian day, little endian. */
  private static Instant time(Binary int96) {
    ByteBuffer bytes = ByteBuffer.wrap(int96.getBytes()).order(ByteOrder.LITTLE_ENDIAN);
    long nanos = bytes.getLong();
    long day = bytes.getInt() - (long) JULIAN_DAY_OF_1970;
    return Instant.EPOCH.plus(day, ChronoUnit.DAYS).plusNanos(nanos);
  }
}
