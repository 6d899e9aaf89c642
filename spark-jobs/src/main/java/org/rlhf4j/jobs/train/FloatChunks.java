package org.rlhf4j.jobs.train;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.WritableByteChannel;
import org.rlhf4j.tensor.Floats;

/**
 * Moves long float vectors in pieces: between vectors, as byte arrays through Spark, and to files.
 */
final class FloatChunks {
  private static final int CHUNK = 1 << 22;

  private FloatChunks() {}

  private static int countAt(Floats values, long offset) {
    return (int) Math.min(CHUNK, values.length() - offset);
  }

  private static void requireLength(long expected, long actual) {
    if (expected != actual) {
      throw new IllegalArgumentException(
          "Vectors of " + actual + " and " + expected + " values cannot be copied");
    }
  }

  /** Copies all values of {@code from} into {@code to}, which must be as long. */
  static void copy(Floats from, Floats to) {
    requireLength(to.length(), from.length());
    to.copyFrom(from, 0);
  }

  static byte[][] toBytes(Floats values) {
    byte[][] chunks = new byte[count(values)][];
    for (int i = 0; i < chunks.length; i++) {
      chunks[i] = toBytes(values, i);
    }
    return chunks;
  }

  /** How many pieces a vector has. */
  static int count(Floats values) {
    return (int) ((values.length() + CHUNK - 1) / CHUNK);
  }

  /** One piece, as bytes. */
  static byte[] toBytes(Floats values, int index) {
    Floats part = slice(values, index);
    float[] piece = piece(part);
    byte[] bytes = new byte[piece.length * Float.BYTES];
    part.copyTo(0, piece, 0, piece.length);
    nativeView(ByteBuffer.wrap(bytes)).put(piece);
    return bytes;
  }

  /** The place of one piece, shared. */
  static Floats slice(Floats values, int index) {
    long offset = (long) index * CHUNK;
    return values.slice(offset, countAt(values, offset));
  }

  static void fromBytes(byte[][] chunks, Floats values) {
    float[] piece = piece(values);
    long offset = 0;
    for (byte[] chunk : chunks) {
      int count = chunk.length / Float.BYTES;
      nativeView(ByteBuffer.wrap(chunk)).get(piece, 0, count);
      values.copyFrom(piece, 0, offset, count);
      offset += count;
    }
    requireLength(values.length(), offset);
  }

  /** Little endian on every machine. */
  static void write(Floats values, WritableByteChannel channel) throws IOException {
    ByteBuffer buffer = littleEndianBuffer();
    float[] piece = piece(values);
    for (long offset = 0; offset < values.length(); offset += CHUNK) {
      int count = countAt(values, offset);
      values.copyTo(offset, piece, 0, count);
      buffer.clear();
      buffer.asFloatBuffer().put(piece, 0, count);
      buffer.limit(count * Float.BYTES);
      while (buffer.hasRemaining()) {
        channel.write(buffer);
      }
    }
  }

  static void read(ReadableByteChannel channel, Floats values) throws IOException {
    ByteBuffer buffer = littleEndianBuffer();
    float[] piece = piece(values);
    for (long offset = 0; offset < values.length(); offset += CHUNK) {
      int count = countAt(values, offset);
      buffer.clear().limit(count * Float.BYTES);
      while (buffer.hasRemaining()) {
        if (channel.read(buffer) < 0) {
          throw new IOException("The file ends early");
        }
      }
      buffer.flip().asFloatBuffer().get(piece, 0, count);
      values.copyFrom(piece, 0, offset, count);
    }
  }

  private static float[] piece(Floats values) {
    return new float[(int) Math.min(CHUNK, values.length())];
  }

  private static ByteBuffer littleEndianBuffer() {
    return ByteBuffer.allocateDirect(CHUNK * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
  }

  private static FloatBuffer nativeView(ByteBuffer bytes) {
    return bytes.order(ByteOrder.nativeOrder()).asFloatBuffer();
  }
}
