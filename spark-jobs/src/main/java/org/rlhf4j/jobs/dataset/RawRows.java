package org.rlhf4j.jobs.dataset;

import java.io.IOException;
import java.io.Serializable;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.functions;
import org.apache.spark.util.SerializableConfiguration;
import org.rlhf4j.jobs.dataset.InputFile.Layout;

/**
 * The raw rows of input files, with file and row number, as bytes: Spark's own text and JSON
 * sources know neither, and silently replace invalid UTF-8.
 */
public final class RawRows {
  private static final long PART_BYTES = 32L << 20;

  private final SparkSession spark;
  private final JavaSparkContext context;
  private final long partBytes;

  /** A part of one file; its rows are those that begin in [start, end). */
  private record Part(InputFile file, long start, long end, long firstNumber)
      implements Serializable {}

  public RawRows(SparkSession spark) {
    this(spark, PART_BYTES);
  }

  RawRows(SparkSession spark, long partBytes) {
    this.spark = spark;
    this.context = JavaSparkContext.fromSparkContext(spark.sparkContext());
    this.partBytes = partBytes;
  }

  public JavaRDD<RawRow> read(List<InputFile> files) {
    List<InputFile> parquet =
        files.stream().filter(file -> file.layout() == Layout.PARQUET).toList();
    List<InputFile> text = files.stream().filter(file -> file.layout() != Layout.PARQUET).toList();
    JavaRDD<RawRow> rows = text.isEmpty() ? context.emptyRDD() : readText(text);
    for (InputFile file : parquet) {
      rows = rows.union(readParquet(file));
    }

    return rows;
  }

  /** The first row of the first file that has one, read on the driver. */
  public Optional<RawRow> first(List<InputFile> files) {
    return files.stream().flatMap(file -> first(file).stream()).findFirst();
  }

  private Optional<RawRow> first(InputFile file) {
    if (file.layout() == Layout.PARQUET) {
      return readParquet(file).take(1).stream().findFirst();
    }
    Part whole = new Part(file, 0, Long.MAX_VALUE, 1);
    try (RowReader reader = reader(whole, context.hadoopConfiguration())) {
      return reader.next();
    } catch (IOException e) {
      throw RowIterator.unreadable(file.displayName(), e);
    }
  }

  private JavaRDD<RawRow> readText(List<InputFile> files) {
    Broadcast<SerializableConfiguration> configuration =
        context.broadcast(new SerializableConfiguration(context.hadoopConfiguration()));
    List<Part> parts = numbered(files, configuration);
    return context
        .parallelize(parts, parts.size())
        .flatMap(part -> rowsOf(part, configuration.value().value()));
  }

  /** Parts with the number of their first line; files of several parts are scanned for that. */
  private List<Part> numbered(
      List<InputFile> files, Broadcast<SerializableConfiguration> configuration) {
    List<Part> parts = new ArrayList<>();
    for (InputFile file : files) {
      long size = file.isSplittable() ? partBytes : Long.MAX_VALUE;
      for (long start = 0; start < file.bytes(); start += size) {
        long end = file.bytes() - start > size ? start + size : Long.MAX_VALUE;
        parts.add(new Part(file, start, end, 1));
        if (end == Long.MAX_VALUE) {
          break;
        }
      }
    }

    if (parts.size() == files.size()) {
      return parts;
    }

    List<Long> lines =
        context
            .parallelize(parts, parts.size())
            .map(part -> countLines(part, configuration.value().value()))
            .collect();
    return number(parts, lines);
  }

  private static List<Part> number(List<Part> parts, List<Long> lines) {
    List<Part> numbered = new ArrayList<>();
    long first = 1;
    for (int i = 0; i < parts.size(); i++) {
      Part part = parts.get(i);
      first = part.start() == 0 ? 1 : first + lines.get(i - 1);
      numbered.add(new Part(part.file(), part.start(), part.end(), first));
    }

    return numbered;
  }

  private static long countLines(Part part, Configuration configuration) throws IOException {
    if (part.end() == Long.MAX_VALUE) {
      return 0; // no part of the same file follows
    }

    try (LineReader reader = lineReader(part, configuration)) {
      return reader.countLines();
    }
  }

  private static LineReader lineReader(Part part, Configuration configuration) throws IOException {
    InputFile file = part.file();
    return new LineReader(
        file.open(configuration, Math.max(0, part.start() - 1)),
        file.displayName(),
        part.start(),
        part.end(),
        part.firstNumber());
  }

  private static Iterator<RawRow> rowsOf(Part part, Configuration configuration) {
    String name = part.file().displayName();
    try {
      return new RowIterator(reader(part, configuration), name);
    } catch (IOException e) {
      throw RowIterator.unreadable(name, e);
    }
  }

  private static RowReader reader(Part part, Configuration configuration) throws IOException {
    InputFile file = part.file();
    return file.layout() == Layout.JSON_ARRAY
        ? new ArrayReader(file.open(configuration, 0), file.displayName())
        : lineReader(part, configuration);
  }

  private JavaRDD<RawRow> readParquet(InputFile file) {
    String name = file.displayName();
    return spark
        .read()
        .parquet(file.path())
        .select(
            functions.to_json(functions.struct(functions.col("*"))),
            functions.col("_metadata.row_index"))
        .javaRDD()
        .map(row -> parquetRow(name, row));
  }

  private static RawRow parquetRow(String file, Row row) {
    byte[] bytes = row.getString(0).getBytes(StandardCharsets.UTF_8);
    return new RawRow(file, row.getLong(1) + 1, bytes, false);
  }
}
