package org.rlhf4j.jobs.prepare;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;

/**
 * Values of a {@link Candidate} row as bytes of a task's own file, each with its type before it.
 */
final class RowValues {
  private static final int TEXT = 0;
  private static final int NUMBER = 1;
  private static final int TRUTH = 2;
  private static final int BYTES = 3;

  private RowValues() {}

  /**
   * @param value a text, long, boolean or byte array
   */
  static void write(Object value, DataOutputStream out) throws IOException {
    if (value instanceof String text) {
      // UTF-16 keeps what UTF-8 cannot: halves of surrogate pairs.
      write(TEXT, text.getBytes(StandardCharsets.UTF_16BE), out);
    } else if (value instanceof Long number) {
      out.writeByte(NUMBER);
      out.writeLong(number);
    } else if (value instanceof Boolean truth) {
      out.writeByte(TRUTH);
      out.writeBoolean(truth);
    } else if (value instanceof byte[] bytes) {
      write(BYTES, bytes, out);
    } else {
      throw new IllegalArgumentException("A row holds no " + value.getClass());
    }
  }

  private static void write(int type, byte[] bytes, DataOutputStream out) throws IOException {
    out.writeByte(type);
    out.writeInt(bytes.length);
    out.write(bytes);
  }

  static Object read(DataInputStream in) throws IOException {
    int type = in.readByte();
    return switch (type) {
      case TEXT -> new String(in.readNBytes(in.readInt()), StandardCharsets.UTF_16BE);
      case NUMBER -> in.readLong();
      case TRUTH -> in.readBoolean();
      case BYTES -> in.readNBytes(in.readInt());
      default -> throw new IOException("There is no type " + type);
    };
  }
}
