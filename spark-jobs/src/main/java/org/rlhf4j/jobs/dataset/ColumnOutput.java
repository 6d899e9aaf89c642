package org.rlhf4j.jobs.dataset;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.parquet.column.ColumnDescriptor;
import org.apache.parquet.column.ColumnWriteStore;
import org.apache.parquet.column.ParquetProperties;
import org.apache.parquet.hadoop.CodecFactory;
import org.apache.parquet.hadoop.ColumnChunkPageWriteStore;
import org.apache.parquet.hadoop.ParquetFileWriter;
import org.apache.parquet.hadoop.ParquetOutputFormat;
import org.apache.parquet.hadoop.ParquetWriter;
import org.apache.parquet.hadoop.api.WriteSupport.WriteContext;
import org.apache.parquet.hadoop.util.HadoopOutputFile;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.Type;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.execution.datasources.OutputWriter;
import org.apache.spark.sql.execution.datasources.parquet.ParquetWriteSupport;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/** One Parquet file of rows whose columns are numbers, texts and arrays of numbers. */
final class ColumnOutput extends OutputWriter {
  /** Rows after which the size of a row group is looked at again. */
  private static final int ROWS_BETWEEN_LOOKS = 16;

  private final String path;
  private final StructType schema;
  private final WriteContext context;
  private final ParquetProperties properties;
  private final CodecFactory codecs;
  private final Configuration configuration;
  private final long rowGroupBytes;
  private final ParquetFileWriter file;
  private ColumnChunkPageWriteStore pages;
  private ColumnWriteStore columns;
  private FieldWriter[] fields;
  private long rows;

  /** Whether it is of use for such rows, and made for them. */
  static boolean canWrite(StructType schema) {
    return Arrays.stream(schema.fields()).allMatch(ValueWriter::canWrite)
        && Arrays.stream(schema.fields()).anyMatch(ValueWriter::isArray);
  }

  ColumnOutput(String path, StructType schema, Configuration configuration) {
    this.path = path;
    this.schema = schema;
    this.configuration = configuration;
    this.context = new ParquetWriteSupport().init(configuration);
    int pageBytes = ParquetOutputFormat.getPageSize(configuration);
    this.properties =
        ParquetProperties.builder()
            .withPageSize(pageBytes)
            .withDictionaryEncoding(ParquetOutputFormat.getEnableDictionary(configuration))
            .withWriterVersion(ParquetOutputFormat.getWriterVersion(configuration))
            .build();
    this.codecs = new CodecFactory(configuration, pageBytes);
    this.rowGroupBytes = ParquetOutputFormat.getLongBlockSize(configuration);
    try {
      this.file =
          new ParquetFileWriter(
              HadoopOutputFile.fromPath(new Path(path), configuration),
              context.getSchema(),
              ParquetFileWriter.Mode.CREATE,
              rowGroupBytes,
              ParquetWriter.MAX_PADDING_SIZE_DEFAULT,
              properties.getColumnIndexTruncateLength(),
              properties.getStatisticsTruncateLength(),
              properties.getPageWriteChecksumEnabled());
      file.start();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    beginRowGroup();
  }

  @Override
  public void write(InternalRow row) {
    for (FieldWriter field : fields) {
      field.write(row);
    }
    columns.endRecord();
    rows++;
    if (rows % ROWS_BETWEEN_LOOKS == 0 && bufferedBytes() >= rowGroupBytes) {
      endRowGroup();
      beginRowGroup();
    }
  }

  @Override
  public void close() {
    endRowGroup();
    try {
      file.end(context.getExtraMetaData());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } finally {
      codecs.release();
    }
  }

  @Override
  public String path() {
    return path;
  }

  private void beginRowGroup() {
    pages =
        new ColumnChunkPageWriteStore(
            codecs.getCompressor(ParquetOutputFormat.getCompression(configuration)),
            context.getSchema(),
            properties.getAllocator(),
            properties.getColumnIndexTruncateLength(),
            properties.getPageWriteChecksumEnabled());
    columns = properties.newColumnWriteStore(withoutFloatArrays(), pages);
    List<FieldWriter> writers = IntStream.range(0, schema.size()).mapToObj(this::writer).toList();
    fields = writers.toArray(FieldWriter[]::new);
    rows = 0;
  }

  /** The columns of the one store; those of float arrays have writers of their own. */
  private MessageType withoutFloatArrays() {
    MessageType whole = context.getSchema();
    List<Type> others =
        IntStream.range(0, schema.size())
            .filter(i -> !ValueWriter.isFloatArray(schema.apply(i)))
            .mapToObj(whole::getType)
            .toList();
    return new MessageType(whole.getName(), others);
  }

  private FieldWriter writer(int ordinal) {
    StructField field = schema.apply(ordinal);
    ColumnDescriptor column = context.getSchema().getColumnDescription(ValueWriter.path(field));
    return ValueWriter.isFloatArray(field)
        ? new FloatListWriter(
            ordinal, field.nullable(), column, pages.getPageWriter(column), properties)
        : ValueWriter.of(field, ordinal, columns.getColumnWriter(column));
  }

  private long bufferedBytes() {
    long bytes = columns.getBufferedSize();
    for (FieldWriter field : fields) {
      bytes += field.bufferedBytes();
    }
    return bytes;
  }

  private void endRowGroup() {
    if (rows == 0) {
      return;
    }
    try {
      file.startBlock(rows);
      columns.flush();
      for (FieldWriter field : fields) {
        field.flush();
      }
      pages.flushToFileWriter(file);
      file.endBlock();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } finally {
      columns.close();
    }
  }
}
