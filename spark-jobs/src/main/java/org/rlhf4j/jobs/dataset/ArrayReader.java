package org.rlhf4j.jobs.dataset;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;

/**
 * Elements of one JSON array, as bytes: cut apart by brackets, quotes and commas alone, so that one
 * element that does not parse does not lose the rest, and no depth of nesting is a danger.
 */
final class ArrayReader implements RowReader {
  private static final byte[] UNFINISHED =
      "<the array does not end>".getBytes(StandardCharsets.UTF_8);

  private final BufferedInputStream in;
  private final String file;
  private final ByteArrayOutputStream element = new ByteArrayOutputStream();
  private long number;
  private boolean isOpen;
  private boolean isClosed;
  private boolean isCut;

  ArrayReader(InputStream in, String file) {
    this.in = new BufferedInputStream(in, 1 << 16);
    this.file = file;
  }

  @Override
  public Optional<RawRow> next() throws IOException {
    element.reset();
    isCut = false;
    if (isClosed) {
      return textAfterArray();
    }

    if (!isOpen) {
      skipToArray();
    }

    int terminator = readElement();
    isClosed = terminator != ',';
    if (terminator == ']' && element.size() == 0) {
      return textAfterArray();
    }

    if (terminator < 0 && element.size() == 0) {
      element.writeBytes(UNFINISHED);
    }

    return Optional.of(row());
  }

  @Override
  public void close() throws IOException {
    in.close();
  }

  private void skipToArray() throws IOException {
    int next = in.read();
    while (next >= 0 && next != '[') {
      next = in.read(); // white space or a byte-order mark: the first character is known
    }

    isOpen = true;
  }

  /** Reads up to the comma or bracket that ends the element, or -1 at the end of the file. */
  private int readElement() throws IOException {
    int depth = 0;
    boolean isInText = false;
    for (int next = in.read(); next >= 0; next = in.read()) {
      if (isInText) {
        append(next);
        if (next == '\\') {
          append(in.read());
        }

        isInText = next != '"';
        continue;
      }

      if (depth == 0 && (next == ',' || next == ']')) {
        return next;
      }

      isInText = next == '"';
      depth += next == '{' || next == '[' ? 1 : 0;
      depth -= depth > 0 && (next == '}' || next == ']') ? 1 : 0;
      if (element.size() > 0 || !Character.isWhitespace(next)) {
        append(next);
      }
    }

    return -1;
  }

  /** Anything but white space after the array is one more row, which will not parse. */
  private Optional<RawRow> textAfterArray() throws IOException {
    for (int next = in.read(); next >= 0; next = in.read()) {
      if (element.size() > 0 || !Character.isWhitespace(next)) {
        append(next);
      }
    }

    return element.size() == 0 ? Optional.empty() : Optional.of(row());
  }

  private RawRow row() {
    number++;
    byte[] bytes = element.toByteArray();
    int length = bytes.length;
    while (length > 0 && Character.isWhitespace(bytes[length - 1])) {
      length--;
    }

    return new RawRow(file, number, Arrays.copyOf(bytes, length), isCut);
  }

  private void append(int next) {
    if (next < 0) {
      return;
    }

    if (element.size() < RawRow.MAX_BYTES) {
      element.write(next);
    } else {
      isCut = true;
    }
  }
}
