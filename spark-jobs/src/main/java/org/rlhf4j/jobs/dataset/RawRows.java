package org.rlhf4j.jobs.dataset;

import java.io.IOException;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.util.SerializableConfiguration;
import org.rlhf4j.jobs.dataset.InputFile.Layout;

/**
 * The raw rows of input files, with file and row number, as bytes: Spark's own text and JSON
 * sources know neither, and silently replace invalid UTF-8.
 */
public final class RawRows {
  private static final long PART_BYTES = 32L << 20;

  private final JavaSparkContext context;
  private final long partBytes;

  /** A part of one file; its rows are the lines, or row groups, that are in [start, end). */
  private record Part(InputFile file, long start, long end, long firstNumber)
      implements Serializable {}

  public RawRows(SparkSession spark) {
    this(spark, PART_BYTES);
  }

  RawRows(SparkSession spark, long partBytes) {
    this.context = JavaSparkContext.fromSparkContext(spark.sparkContext());
    this.partBytes = partBytes;
  }

  public JavaRDD<RawRow> read(List<InputFile> files) {
    Broadcast<SerializableConfiguration> configuration =
        context.broadcast(new SerializableConfiguration(context.hadoopConfiguration()));
    List<Part> parts = numbered(files, configuration);
    return context
        .parallelize(parts, Math.max(1, parts.size()))
        .flatMap(part -> rowsOf(part, configuration.value().value()));
  }

  /** The first row of the first file that has one, read on the driver. */
  public Optional<RawRow> first(List<InputFile> files) {
    return files.stream().flatMap(file -> first(file).stream()).findFirst();
  }

  private Optional<RawRow> first(InputFile file) {
    Part whole = new Part(file, 0, Long.MAX_VALUE, 1);
    try (RowReader reader = reader(whole, context.hadoopConfiguration())) {
      return reader.next();
    } catch (IOException e) {
      throw RowIterator.unreadable(file.displayName(), e);
    }
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

    if (parts.stream().noneMatch(RawRows::isNumbered)) {
      return parts;
    }

    List<Long> lines =
        context
            .parallelize(parts, parts.size())
            .map(part -> countLines(part, configuration.value().value()))
            .collect();
    return number(parts, lines);
  }

  private static boolean isNumbered(Part part) {
    return part.start() > 0 && part.file().layout() == Layout.JSON_LINES;
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
    if (part.end() == Long.MAX_VALUE || part.file().layout() != Layout.JSON_LINES) {
      return 0; // no lines of the same file follow
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
    return switch (file.layout()) {
      case JSON_LINES -> lineReader(part, configuration);
      case JSON_ARRAY -> new ArrayReader(file.open(configuration, 0), file.displayName());
      case PARQUET -> new ParquetReader(file, part.start(), part.end(), configuration);
    };
  }
}
