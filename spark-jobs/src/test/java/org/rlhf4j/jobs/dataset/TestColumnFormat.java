package org.rlhf4j.jobs.dataset;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.apache.parquet.hadoop.ParquetFileReader;
import org.apache.parquet.hadoop.metadata.BlockMetaData;
import org.apache.parquet.hadoop.metadata.ColumnChunkMetaData;
import org.apache.parquet.hadoop.metadata.ParquetMetadata;
import org.apache.parquet.hadoop.util.HadoopInputFile;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SaveMode;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.rlhf4j.data.dataset.Experience;
import org.rlhf4j.data.dataset.Prompt;
import org.rlhf4j.jobs.SparkTests;

/** What it writes is what Spark writes, value by value and in the footer. */
@Tag("spark")
class TestColumnFormat {
  private static final SparkSession SPARK = SparkTests.session();
  private static final StructType EVERY_KIND =
      new StructType()
          .add("text", DataTypes.StringType, false)
          .add("maybe_text", DataTypes.StringType, true)
          .add("number", DataTypes.IntegerType, false)
          .add("maybe_long", DataTypes.LongType, true)
          .add("single", DataTypes.FloatType, false)
          .add("maybe_double", DataTypes.DoubleType, true)
          .add("is_true", DataTypes.BooleanType, false)
          .add("ints", DataTypes.createArrayType(DataTypes.IntegerType, false), false)
          .add("maybe_floats", DataTypes.createArrayType(DataTypes.FloatType, false), true);

  @TempDir private Path folder;

  @Test
  void filesAreThoseOfSpark() throws IOException {
    Dataset<Row> rows = SPARK.createDataFrame(rows(100), EVERY_KIND).coalesce(1);
    write(rows, "plain", "parquet", 1 << 20);
    write(rows, "columns", ColumnFormat.class.getName(), 1 << 20);

    assertThat(SPARK.read().parquet(path("columns")).collectAsList())
        .isEqualTo(SPARK.read().parquet(path("plain")).collectAsList())
        .hasSize(100);
    ParquetMetadata plain = footer("plain");
    ParquetMetadata columns = footer("columns");
    assertThat(columns.getFileMetaData().getSchema())
        .isEqualTo(plain.getFileMetaData().getSchema());
    assertThat(columns.getFileMetaData().getKeyValueMetaData())
        .isEqualTo(plain.getFileMetaData().getKeyValueMetaData());
    assertThat(chunks(columns)).isEqualTo(chunks(plain));
  }

  @Test
  void rowGroupsEndWhereTheyAreFull() throws IOException {
    Dataset<Row> rows = SPARK.createDataFrame(rows(1000), EVERY_KIND).coalesce(1);
    write(rows, "columns", ColumnFormat.class.getName(), 4096);

    assertThat(footer("columns").getBlocks()).hasSizeGreaterThan(3);
    assertThat(SPARK.read().parquet(path("columns")).collectAsList())
        .isEqualTo(rows.collectAsList());
  }

  /** With one of them in it, a page says nothing of its lowest and highest value. */
  @Test
  void whatIsNoNumberIsWrittenLikeAnyOther() throws IOException {
    List<Row> rows = new ArrayList<>(rows(100));
    Row last = rows.get(99);
    Object[] values = new Object[last.size()];
    for (int i = 0; i < values.length; i++) {
      values[i] = last.get(i);
    }
    values[values.length - 1] = List.of(1f, Float.NaN, -1f, -0f);
    rows.add(RowFactory.create(values));
    Dataset<Row> frame = SPARK.createDataFrame(rows, EVERY_KIND).coalesce(1);
    write(frame, "plain", "parquet", 1 << 20);
    write(frame, "columns", ColumnFormat.class.getName(), 1 << 20);
    String read = SPARK.read().parquet(path("columns")).collectAsList().toString();
    assertThat(read).isEqualTo(SPARK.read().parquet(path("plain")).collectAsList().toString());
    assertThat(read).contains("(1.0, NaN, -1.0, -0.0)");
    assertThat(chunks(footer("columns"))).isEqualTo(chunks(footer("plain")));
  }

  /** As the RLE runs of Parquet's documentation: varints of twice the length, then the level. */
  @Test
  void levelsAreRuns() throws IOException {
    LevelRuns runs = new LevelRuns();
    runs.add(0, 1);
    runs.add(1, 63);
    runs.add(1, 137);
    runs.add(0, 1);
    runs.add(1, 0);
    runs.add(0, 1);
    assertThat(runs.end().toByteArray())
        .containsExactly(2, 0, ((200 * 2) & 0x7f) | 0x80, (200 * 2) >> 7, 1, 2, 0, 2, 0);
    assertThat(runs.end().toByteArray()).isEmpty();
  }

  /** Arrays of structures are left to Spark, and so is what has no arrays. */
  @Test
  void otherRowsAreWrittenBySpark() {
    assertThat(ColumnOutput.canWrite(RecordCodec.of(Experience.class).schema())).isTrue();
    assertThat(ColumnOutput.canWrite(RecordCodec.of(Prompt.class).schema())).isFalse();
    assertThat(ColumnOutput.canWrite(new StructType().add("a", DataTypes.StringType))).isFalse();
  }

  private void write(Dataset<Row> rows, String name, String format, int rowGroupBytes) {
    rows.write()
        .mode(SaveMode.Append)
        .format(format)
        .option("parquet.writer.version", "PARQUET_2_0")
        .option("parquet.enable.dictionary", "false")
        .option("parquet.block.size", String.valueOf(rowGroupBytes))
        .option("parquet.page.size", String.valueOf(rowGroupBytes / 8))
        .save(path(name));
  }

  private ParquetMetadata footer(String name) throws IOException {
    try (Stream<Path> files = Files.list(folder.resolve(name))) {
      Path file =
          files.filter(each -> each.toString().endsWith(".parquet")).findFirst().orElseThrow();
      Configuration configuration =
          JavaSparkContext.fromSparkContext(SPARK.sparkContext()).hadoopConfiguration();
      try (ParquetFileReader reader =
          ParquetFileReader.open(
              HadoopInputFile.fromPath(
                  new org.apache.hadoop.fs.Path(file.toString()), configuration))) {
        return reader.getFooter();
      }
    }
  }

  /** What a footer says of each column of each row group. */
  private static List<String> chunks(ParquetMetadata footer) {
    List<String> chunks = new ArrayList<>();
    for (BlockMetaData block : footer.getBlocks()) {
      for (ColumnChunkMetaData chunk : block.getColumns()) {
        chunks.add(
            String.join(
                " ",
                chunk.getPath().toDotString(),
                chunk.getEncodings().toString(),
                chunk.getCodec().toString(),
                chunk.getStatistics().toString(),
                chunk.getValueCount() + " of " + block.getRowCount()));
      }
    }
    return chunks;
  }

  private static List<Row> rows(int count) {
    List<Row> rows = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      Integer[] ints = new Integer[i % 4];
      Float[] floats = new Float[i % 3];
      for (int t = 0; t < ints.length; t++) {
        ints[t] = i * t - 7;
      }
      for (int t = 0; t < floats.length; t++) {
        floats[t] = t == 0 ? -0.1f * i * floats.length : Float.MIN_VALUE * i;
      }
      rows.add(
          RowFactory.create(
              "text \u2603 " + i,
              i % 3 == 0 ? null : "" + i % 5,
              i * i,
              i % 2 == 0 ? null : Long.MAX_VALUE - i,
              i / 7f,
              i % 5 == 0 ? null : -i / 7.0,
              i % 2 == 0,
              List.of(ints),
              i % 7 == 0 ? null : List.of(floats)));
    }
    return rows;
  }

  private String path(String name) {
    return folder.resolve(name).toString();
  }
}
