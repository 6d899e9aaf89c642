package org.rlhf4j.jobs.dataset;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.io.JsonEOFException;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;

/**
 * Elements of one JSON array, as bytes: cut apart by brackets, quotes and commas alone, so that no
 * depth of nesting is a danger, and an element that does not parse loses the rest only if its
 * quotes or brackets do not close. What follows the array is read line by line.
 */
final class ArrayReader implements RowReader {
  private static final JsonFactory JSON = new JsonFactory();
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

  /**
   * Whether text that begins with a bracket may be an array: up to its first object, or to what
   * follows its first other element, nothing speaks against it. More is not asked, as one element
   * that does not parse must not lose the others.
   *
   * @param head its first bytes
   */
  static boolean canRead(byte[] head) {
    // Latin-1, in which every byte is a character: whether they are UTF-8 is said of each row
    try (JsonParser parser = JSON.createParser(new String(head, StandardCharsets.ISO_8859_1))) {
      JsonToken token = parser.nextToken();
      while (token == JsonToken.START_ARRAY) {
        token = parser.nextToken();
      }

      if (token != JsonToken.START_OBJECT) {
        parser.nextToken(); // fails at what cannot follow
      }

      return true;
    } catch (JsonEOFException e) {
      return true; // the rest is not in the head
    } catch (IOException e) {
      return false;
    }
  }

  @Override
  public Optional<RawRow> next() throws IOException {
    element.reset();
    isCut = false;
    if (isClosed) {
      return lineAfterArray();
    }

    if (!isOpen) {
      skipToArray();
    }

    int terminator = readElement();
    isClosed = terminator != ',';
    if (terminator == ']' && element.size() == 0) {
      return lineAfterArray();
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

  /** Blank lines are no rows. */
  private Optional<RawRow> lineAfterArray() throws IOException {
    int next = in.read();
    while (next >= 0 && (next != '\n' || element.size() == 0)) {
      if (element.size() > 0 || !Character.isWhitespace(next)) {
        append(next);
      }

      next = in.read();
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
