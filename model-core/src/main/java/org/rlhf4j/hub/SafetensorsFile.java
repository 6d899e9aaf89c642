package org.rlhf4j.hub;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Map;
import org.rlhf4j.tensor.Floats;

/**
 * An open safetensors file, its header checked. Weights are streamed through a small buffer; memory
 * does not grow with the file. Not thread-safe.
 */
final class SafetensorsFile implements AutoCloseable {
  /** Limit of the reference implementation. */
  static final long MAX_HEADER_BYTES = 100_000_000;

  private static final int CHUNK_ELEMENTS = 1 << 18;

  private final Path path;
  private final FileChannel channel;
  private final long dataStart;
  private final Map<String, SafetensorsHeader.Tensor> tensors;

  private SafetensorsFile(Path path, FileChannel channel) throws IOException {
    this.path = path;
    this.channel = channel;
    long headerLength = headerLength();
    this.dataStart = Long.BYTES + headerLength;
    byte[] json = new byte[(int) headerLength];
    readFully(ByteBuffer.wrap(json), Long.BYTES);
    this.tensors = SafetensorsHeader.parse(path, json, channel.size() - dataStart);
  }

  static SafetensorsFile open(Path path) {
    FileChannel channel = null;
    try {
      channel = FileChannel.open(path, StandardOpenOption.READ);
      return new SafetensorsFile(path, channel);
    } catch (IOException e) {
      closeQuietly(channel, e);
      throw new ModelFormatException(String.format("%s cannot be read: %s", path, e), e);
    } catch (ModelFormatException e) {
      closeQuietly(channel, e);
      throw e;
    }
  }

  private static void closeQuietly(FileChannel channel, Exception cause) {
    if (channel == null) {
      return;
    }
    try {
      channel.close();
    } catch (IOException e) {
      cause.addSuppressed(e);
    }
  }

  private long headerLength() throws IOException {
    long size = channel.size();
    if (size < Long.BYTES) {
      throw new ModelFormatException(path + " is truncated: it is too short for safetensors");
    }
    ByteBuffer length = ByteBuffer.allocate(Long.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    readFully(length, 0);
    long headerLength = length.getLong(0);
    if (headerLength < 0 || headerLength > MAX_HEADER_BYTES) {
      throw new ModelFormatException(
          String.format(
              "%s is not a safetensors file: its header would be %s bytes long",
              path, Long.toUnsignedString(headerLength)));
    }
    if (headerLength > size - Long.BYTES) {
      throw new ModelFormatException(
          String.format(
              "%s is truncated: its header is %d bytes long, but the file only %d",
              path, headerLength, size));
    }
    return headerLength;
  }

  Path path() {
    return path;
  }

  Map<String, SafetensorsHeader.Tensor> tensors() {
    return tensors;
  }

  /** Reads one tensor into a view of as many elements, converting to float32. */
  void read(SafetensorsHeader.Tensor tensor, Floats target) {
    TensorType type = tensor.type();
    int chunk = (int) Math.min(CHUNK_ELEMENTS, Math.max(1, tensor.elements()));
    ByteBuffer bytes = ByteBuffer.allocate(chunk * type.bytes()).order(ByteOrder.LITTLE_ENDIAN);
    float[] values = new float[chunk];
    try {
      for (long done = 0; done < tensor.elements(); done += chunk) {
        int count = (int) Math.min(chunk, tensor.elements() - done);
        bytes.clear().limit(count * type.bytes());
        readFully(bytes, dataStart + tensor.offset() + done * type.bytes());
        type.toFloats(bytes.flip(), values, count);
        target.copyFrom(values, 0, done, count);
      }
    } catch (IOException e) {
      throw new ModelFormatException(
          String.format("%s: tensor %s cannot be read: %s", path, tensor.name(), e), e);
    }
  }

  private void readFully(ByteBuffer target, long position) throws IOException {
    long at = position;
    while (target.hasRemaining()) {
      int count = channel.read(target, at);
      if (count < 0) {
        throw new ModelFormatException(path + " is truncated: it ended while it was read");
      }
      at += count;
    }
  }

  @Override
  public void close() {
    try {
      channel.close();
    } catch (IOException e) {
      throw new ModelFormatException(String.format("%s cannot be closed: %s", path, e), e);
    }
  }
}
