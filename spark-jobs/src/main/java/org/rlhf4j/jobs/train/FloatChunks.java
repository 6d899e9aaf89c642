package org.rlhf4j.jobs.train;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
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
    byte[][] chunks = new byte[(int) ((values.length() + CHUNK - 1) / CHUNK)][];
    for (int i = 0; i < chunks.length; i++) {
      long offset = (long) i * CHUNK;
      int count = countAt(values, offset);
      chunks[i] = new byte[count * Float.BYTES];
      values.slice(offset, count).bytes().get(chunks[i]);
    }
    return chunks;
  }

  static void fromBytes(byte[][] chunks, Floats values) {
    long offset = 0;
    for (byte[] chunk : chunks) {
      int count = chunk.length / Float.BYTES;
      values.slice(offset, count).bytes().put(chunk);
      offset += count;
    }
    requireLength(values.length(), offset);
  }

  /** Little endian on every machine. */
  static void write(Floats values, WritableByteChannel channel) throws IOException {
    ByteBuffer buffer = littleEndianBuffer();
    for (long offset = 0; offset < values.length(); offset += CHUNK) {
      int count = countAt(values, offset);
      buffer.clear();
      buffer.asFloatBuffer().put(nativeView(values, offset, count));
      buffer.limit(count * Float.BYTES);
      while (buffer.hasRemaining()) {
        channel.write(buffer);
      }
    }
  }

  static void read(ReadableByteChannel channel, Floats values) throws IOException {
    ByteBuffer buffer = littleEndianBuffer();
    for (long offset = 0; offset < values.length(); offset += CHUNK) {
      int count = countAt(values, offset);
      buffer.clear().limit(count * Float.BYTES);
      while (buffer.hasRemaining()) {
        if (channel.read(buffer) < 0) {
          throw new IOException("The file ends early");
        }
      }
      nativeView(values, offset, count).put(buffer.flip().asFloatBuffer());
    }
  }

  private static ByteBuffer littleEndianBuffer() {
    return ByteBuffer.allocateDirect(CHUNK * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
  }

  private static java.nio.FloatBuffer nativeView(Floats values, long offset, int count) {
    return values.slice(offset, count).bytes().order(ByteOrder.nativeOrder()).asFloatBuffer();
  }
}
