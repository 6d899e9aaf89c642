package org.rlhf4j.jobs.dataset;

import java.io.IOException;
import java.util.Arrays;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.parquet.HadoopReadOptions;
import org.apache.parquet.ParquetReadOptions;
import org.apache.parquet.column.page.PageReadStore;
import org.apache.parquet.example.data.Group;
import org.apache.parquet.example.data.simple.convert.GroupRecordConverter;
import org.apache.parquet.hadoop.ParquetFileReader;
import org.apache.parquet.hadoop.util.HadoopInputFile;
import org.apache.parquet.io.ColumnIOFactory;
import org.apache.parquet.io.MessageColumnIO;
import org.apache.parquet.io.RecordReader;
import org.apache.parquet.schema.MessageType;

/**
 * Rows of a Parquet file as JSON objects. Spark's reader would need a job for the schema of each
 * file, replaces what is no UTF-8 and knows fewer types.
 */
final class ParquetReader implements RowReader {
  private final String file;
  private final ParquetFileReader reader;
  private final MessageType schema;
  private final MessageColumnIO columns;
  private final ParquetJson json = new ParquetJson();
  private RecordReader<Group> group;
  private long rowsLeft;
  private long number;

  /**
   * @param start of the part to read: the row groups whose middle lies in [start, end) are its own
   */
  ParquetReader(InputFile file, long start, long end, Configuration configuration)
      throws IOException {
    ParquetReadOptions options =
        HadoopReadOptions.builder(configuration).withRange(start, end).build();
    this.file = file.displayName();
    try {
      this.reader =
          ParquetFileReader.open(
              HadoopInputFile.fromPath(new Path(file.path()), configuration), options);
    } catch (RuntimeException e) {
      throw damaged(e);
    }

    this.schema = reader.getFileMetaData().getSchema();
    this.columns = new ColumnIOFactory(reader.getFileMetaData().getCreatedBy()).getColumnIO(schema);
  }

  @Override
  public Optional<RawRow> next() throws IOException {
    try {
      while (rowsLeft == 0) {
        PageReadStore pages = reader.readNextRowGroup();
        if (pages == null) {
          return Optional.empty();
        }

        open(pages);
      }

      rowsLeft--;
      number++;
      return Optional.of(row(json.write(group.read())));
    } catch (RuntimeException e) {
      throw damaged(e);
    }
  }

  @Override
  public void close() throws IOException {
    reader.close();
  }

  private void open(PageReadStore pages) {
    rowsLeft = pages.getRowCount();
    number = pages.getRowIndexOffset().orElseThrow();
    group = columns.getRecordReader(pages, new GroupRecordConverter(schema));
  }

  private RawRow row(byte[] bytes) {
    boolean isCut = bytes.length > RawRow.MAX_BYTES;
    return new RawRow(file, number, isCut ? Arrays.copyOf(bytes, RawRow.MAX_BYTES) : bytes, isCut);
  }

  /** Parquet's library knows no checked exceptions for files that are cut off or changed. */
  private static IOException damaged(RuntimeException e) {
    return new IOException(e.getMessage(), e);
  }
}
