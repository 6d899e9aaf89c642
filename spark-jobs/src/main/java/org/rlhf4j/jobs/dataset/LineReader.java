package org.rlhf4j.jobs.dataset;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.Optional;

/**
 * Rows that are lines, as bytes: LF or CRLF ends a line, a byte-order mark at the start of the file
 * is left out, the last line needs no end.
 */
final class LineReader implements RowReader {
  private static final int BUFFER_BYTES = 1 << 16;

  private final InputStream in;
  private final String file;
  private final long end;
  private final byte[] buffer = new byte[BUFFER_BYTES];
  private final ByteArrayOutputStream line = new ByteArrayOutputStream();
  private int position;
  private int limit;
  private long offset;
  private long lineNumber;
  private boolean isCut;

  /**
   * @param in at the byte before {@code start}, or at the start of the file: if the byte before is
   *     a line end, the first line of the part is whole
   * @param start of the part to read: the lines that begin in [start, end) are its rows
   * @param firstNumber number of the first line that begins in the part
   */
  LineReader(InputStream in, String file, long start, long end, long firstNumber)
      throws IOException {
    this.in = in;
    this.file = file;
    this.end = end;
    this.offset = Math.max(0, start - 1);
    this.lineNumber = firstNumber - 1;
    if (start > 0) {
      readLine(); // the end of a line that began in an earlier part
    }
  }

  @Override
  public Optional<RawRow> next() throws IOException {
    while (offset < end && readLine()) {
      lineNumber++;
      byte[] bytes = content();
      if (!isBlank(bytes)) {
        return Optional.of(new RawRow(file, lineNumber, bytes, isCut));
      }
    }

    return Optional.empty();
  }

  /** Lines that begin in the part, blank ones included; for numbering the parts that follow. */
  long countLines() throws IOException {
    long lines = 0;
    while (offset < end && readLine()) {
      lines++;
    }

    return lines;
  }

  @Override
  public void close() throws IOException {
    in.close();
  }

  private boolean readLine() throws IOException {
    line.reset();
    isCut = false;
    boolean isAnythingRead = false;
    while (fill()) {
      isAnythingRead = true;
      int newline = indexOfNewline();
      int stop = newline < 0 ? limit : newline;
      append(stop - position);
      int consumed = (newline < 0 ? limit : newline + 1) - position;
      position += consumed;
      offset += consumed;
      if (newline >= 0) {
        return true;
      }
    }

    return isAnythingRead;
  }

  private boolean fill() throws IOException {
    if (position < limit) {
      return true;
    }

    position = 0;
    limit = Math.max(0, in.readNBytes(buffer, 0, buffer.length));
    return limit > 0;
  }

  private int indexOfNewline() {
    for (int i = position; i < limit; i++) {
      if (buffer[i] == '\n') {
        return i;
      }
    }

    return -1;
  }

  private void append(int length) {
    int room = RawRow.MAX_BYTES - line.size();
    isCut |= length > room;
    line.write(buffer, position, Math.min(length, room));
  }

  private byte[] content() {
    byte[] bytes = line.toByteArray();
    int length = bytes.length;
    if (length > 0 && bytes[length - 1] == '\r') {
      length--;
    }

    int start = lineNumber == 1 ? byteOrderMarkLength(bytes) : 0;
    return start == 0 && length == bytes.length
        ? bytes
        : Arrays.copyOfRange(bytes, Math.min(start, length), length);
  }

  private static int byteOrderMarkLength(byte[] bytes) {
    boolean isMarked =
        bytes.length >= 3
            && bytes[0] == (byte) 0xef
            && bytes[1] == (byte) 0xbb
            && bytes[2] == (byte) 0xbf;
    return isMarked ? 3 : 0;
  }

  private static boolean isBlank(byte[] bytes) {
    for (byte b : bytes) {
      if (b != ' ' && b != '\t' && b != '\r') {
        return false;
      }
    }

    return true;
  }
}
