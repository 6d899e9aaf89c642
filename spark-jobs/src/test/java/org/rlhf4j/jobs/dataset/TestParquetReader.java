package org.rlhf4j.jobs.dataset;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.apache.parquet.example.data.Group;
import org.apache.parquet.example.data.simple.NanoTime;
import org.apache.parquet.example.data.simple.SimpleGroup;
import org.apache.parquet.hadoop.ParquetWriter;
import org.apache.parquet.hadoop.example.ExampleParquetWriter;
import org.apache.parquet.io.api.Binary;
import org.apache.parquet.schema.LogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.TimeUnit;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.MessageTypeParser;
import org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName;
import org.apache.parquet.schema.Types;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files with each kind of column, as other programs write them. */
class TestParquetReader {
  private static final Configuration CONFIGURATION = new Configuration();

  private static final MessageType TEXTS =
      MessageTypeParser.parseMessageType(
          "message m { optional binary text (STRING); optional binary bytes; }");

  @TempDir private Path folder;

  @Test
  void textsAreKeptByteByByteAndAbsentOnesAreNull() throws IOException {
    Group row = new SimpleGroup(TEXTS);
    row.add("text", Binary.fromConstantByteArray(new byte[] {'a', '"', (byte) 0xff}));
    Group bytes = new SimpleGroup(TEXTS);
    bytes.add("bytes", Binary.fromConstantByteArray("b\u00e9".getBytes(StandardCharsets.UTF_8)));
    Group image = new SimpleGroup(TEXTS);
    image.add("bytes", Binary.fromConstantByteArray(new byte[] {(byte) 0xff}));

    assertThat(rows(write(TEXTS, List.of(row, bytes, image))))
        .containsExactly(
            "1 {\"text\":\"a\\\"\u00ff\",\"bytes\":null}",
            "2 {\"text\":null,\"bytes\":\"b\u00c3\u00a9\"}",
            "3 {\"text\":null,\"bytes\":{\"base64\":\"/w==\"}}");
  }

  @Test
  void listsMapsAndStructs() throws IOException {
    MessageType schema =
        MessageTypeParser.parseMessageType(
            "message m {"
                + " optional group turns (LIST) { repeated group list { optional group element {"
                + " optional binary role (STRING); } } }"
                + " optional group old (LIST) { repeated int32 array; }"
                + " repeated int64 bare;"
                + " optional group map (MAP) { repeated group key_value {"
                + " required binary key (STRING); optional boolean value; } } }");
    Group row = new SimpleGroup(schema);
    Group turns = row.addGroup("turns");
    turns.addGroup("list").addGroup("element").add("role", "user");
    turns.addGroup("list");
    Group old = row.addGroup("old");
    old.add("array", 1);
    old.add("array", 2);
    row.add("bare", 3L);
    Group map = row.addGroup("map");
    Group entry = map.addGroup("key_value");
    entry.add("key", "k");
    entry.add("value", true);

    assertThat(rows(write(schema, List.of(row, new SimpleGroup(schema)))))
        .containsExactly(
            "1 {\"turns\":[{\"role\":\"user\"},null],\"old\":[1,2],\"bare\":[3],\"map\":{\"k\":true}}",
            "2 {\"turns\":null,\"old\":null,\"bare\":[],\"map\":null}");
  }

  @Test
  void numbersAndTimes() throws IOException {
    MessageType schema =
        Types.buildMessage()
            .required(PrimitiveTypeName.INT64)
            .as(LogicalTypeAnnotation.timestampType(true, TimeUnit.NANOS))
            .named("nanos")
            .required(PrimitiveTypeName.INT96)
            .named("old")
            .required(PrimitiveTypeName.INT32)
            .as(LogicalTypeAnnotation.dateType())
            .named("date")
            .required(PrimitiveTypeName.INT32)
            .as(LogicalTypeAnnotation.decimalType(2, 9))
            .named("price")
            .required(PrimitiveTypeName.INT64)
            .as(LogicalTypeAnnotation.intType(64, false))
            .named("count")
            .required(PrimitiveTypeName.DOUBLE)
            .named("rating")
            .named("m");
    Group row = new SimpleGroup(schema);
    row.add("nanos", 1_000_000_001L);
    row.add("old", new NanoTime(2_440_589, 5));
    row.add("date", 1);
    row.add("price", 1250);
    row.add("count", -1L);
    row.add("rating", 0.1);

    assertThat(rows(write(schema, List.of(row))))
        .containsExactly(
            "1 {\"nanos\":\"1970-01-01T00:00:01.000000001Z\",\"old\":\"1970-01-02T00:00:00.000000005Z\","
                + "\"date\":\"1970-01-02\",\"price\":12.50,\"count\":18446744073709551615,"
                + "\"rating\":0.1}");
  }

  @Test
  void whatIsNoNumberIsNull() throws IOException {
    MessageType schema =
        Types.buildMessage()
            .required(PrimitiveTypeName.DOUBLE)
            .named("a")
            .required(PrimitiveTypeName.FLOAT)
            .named("b")
            .named("m");
    Group absent = new SimpleGroup(schema);
    absent.add("a", Double.NaN);
    absent.add("b", Float.NaN);
    Group given = new SimpleGroup(schema);
    given.add("a", 2.0);
    given.add("b", 0.1f);

    assertThat(rows(write(schema, List.of(absent, given))))
        .containsExactly("1 {\"a\":null,\"b\":null}", "2 {\"a\":2.0,\"b\":0.1}");
  }

  /** Parts of any size have the row groups between them, each once and with its numbers. */
  @Test
  void partsHaveAllRowsOnce() throws IOException {
    List<Group> groups = new ArrayList<>();
    for (int i = 0; i < 3_000; i++) {
      groups.add(new SimpleGroup(TEXTS).append("text", "row " + i));
    }

    Path file = write(TEXTS, groups);
    List<String> whole = rows(file);
    List<String> parts = new ArrayList<>();
    long size = Files.size(file);
    for (long start = 0; start < size; start += size / 5) {
      parts.addAll(rows(file, start, start + size / 5));
    }

    assertThat(whole).hasSize(3_000).last().asString().startsWith("3000 ");
    assertThat(parts).isEqualTo(whole);
  }

  @Test
  void damagedFilesAreIoFailures() throws IOException {
    byte[] whole =
        Files.readAllBytes(
            write(TEXTS, List.of(new SimpleGroup(TEXTS).append("text", "a".repeat(500)))));
    byte[] overwritten = whole.clone();
    Arrays.fill(overwritten, 4, 60, (byte) 0xee);

    for (byte[] bytes : List.of(Arrays.copyOf(whole, 100), overwritten)) {
      Path damaged = Files.write(folder.resolve("damaged.parquet"), bytes);
      assertThatThrownBy(() -> rows(damaged)).isInstanceOf(IOException.class);
    }
  }

  private Path write(MessageType schema, List<Group> rows) throws IOException {
    Path file = folder.resolve("x[1].parquet"); // no glob
    Files.deleteIfExists(file);
    try (ParquetWriter<Group> writer =
        ExampleParquetWriter.builder(new org.apache.hadoop.fs.Path(file.toUri()))
            .withConf(CONFIGURATION)
            .withType(schema)
            .withRowGroupSize(4_096L)
            .withPageSize(1_024)
            .build()) {
      for (Group row : rows) {
        writer.write(row);
      }
    }

    return file;
  }

  private static List<String> rows(Path file) throws IOException {
    return rows(file, 0, Long.MAX_VALUE);
  }

  /** In Latin-1, where every byte shows. */
  private static List<String> rows(Path file, long start, long end) throws IOException {
    InputFile input = new InputFiles(CONFIGURATION).find(List.of(file.toString())).get(0);
    assertThat(input.layout()).isEqualTo(InputFile.Layout.PARQUET);
    List<String> rows = new ArrayList<>();
    try (ParquetReader reader = new ParquetReader(input, start, end, CONFIGURATION)) {
      for (Optional<RawRow> row = reader.next(); row.isPresent(); row = reader.next()) {
        String text = new String(row.get().bytes(), StandardCharsets.ISO_8859_1);
        rows.add(row.get().number() + " " + text);
      }
    }

    return rows;
  }
}
