package org.rlhf4j.jobs.dataset;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import org.apache.parquet.bytes.BytesInput;
import org.apache.parquet.column.ColumnDescriptor;
import org.apache.parquet.column.Encoding;
import org.apache.parquet.column.ParquetProperties;
import org.apache.parquet.column.page.PageWriter;
import org.apache.parquet.column.statistics.Statistics;
import org.apache.spark.sql.catalyst.InternalRow;

/**
 * Writes one column of float arrays, page by page (version 2, encoding PLAIN [1]): the floats of an
 * array as they lie in memory, where Parquet's writer takes them byte by byte.
 *
 * <p>[1] https://parquet.apache.org/docs/file-format/data-pages/encodings
 */
final class FloatListWriter implements FieldWriter {
  private final int ordinal;
  private final int present; // definition level of a list that is there
  private final ColumnDescriptor column;
  private final PageWriter pages;
  private final int rowsOfAPage;
  private final LevelRuns repetition = new LevelRuns();
  private final LevelRuns definition = new LevelRuns();
  private final int pageBytes;
  private byte[] floats;
  private int bytes; // of the floats so far
  private Statistics<?> statistics;
  private int rows;
  private int values; // those that are not there included
  private int nulls;

  /**
   * @param ordinal place of the field in rows
   * @param isNullable whether an array may be missing
   */
  FloatListWriter(
      int ordinal,
      boolean isNullable,
      ColumnDescriptor column,
      PageWriter pages,
      ParquetProperties properties) {
    this.ordinal = ordinal;
    this.present = isNullable ? 1 : 0;
    this.column = column;
    this.pages = pages;
    this.pageBytes = properties.getPageSizeThreshold();
    this.rowsOfAPage = properties.getPageRowCountLimit();
    this.floats = new byte[pageBytes];
    this.statistics = Statistics.createStats(column.getPrimitiveType());
  }

  @Override
  public void write(InternalRow row) {
    if (present == 1 && row.isNullAt(ordinal)) {
      writeNothing(0);
    } else {
      float[] array = row.getArray(ordinal).toFloatArray();
      if (array.length == 0) {
        writeNothing(present);
      } else {
        write(array);
      }
    }
    rows++;
    if (bytes >= pageBytes || rows >= rowsOfAPage) {
      endPage();
    }
  }

  private void writeNothing(int level) {
    repetition.add(0, 1);
    definition.add(level, 1);
    statistics.incrementNumNulls();
    nulls++;
    values++;
  }

  private void write(float[] array) {
    repetition.add(0, 1);
    repetition.add(1, array.length - 1);
    definition.add(present + 1, array.length);
    float lowest = array[0];
    float highest = array[0];
    for (float value : array) { // what is no number stays, and takes the page's statistics away
      lowest = Math.min(lowest, value);
      highest = Math.max(highest, value);
    }
    statistics.updateStats(lowest);
    statistics.updateStats(highest);
    int size = array.length * Float.BYTES;
    if (floats.length - bytes < size) {
      floats = Arrays.copyOf(floats, Math.max(bytes + size, 2 * floats.length));
    }
    ByteBuffer.wrap(floats, bytes, size).order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer().put(array);
    bytes += size;
    values += array.length;
  }

  private void endPage() {
    try {
      pages.writePageV2(
          rows,
          nulls,
          values,
          repetition.end(),
          definition.end(),
          Encoding.PLAIN,
          BytesInput.from(floats, 0, bytes),
          statistics);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    bytes = 0;
    statistics = Statistics.createStats(column.getPrimitiveType());
    rows = 0;
    values = 0;
    nulls = 0;
  }

  @Override
  public long bufferedBytes() {
    return pages.getMemSize() + bytes;
  }

  @Override
  public void flush() {
    if (rows > 0) {
      endPage();
    }
  }
}
