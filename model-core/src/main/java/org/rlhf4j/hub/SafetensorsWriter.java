package org.rlhf4j.hub;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import org.rlhf4j.decoder.ParameterLayout;
import org.rlhf4j.tensor.Floats;

/** Writes a flat parameter vector as one safetensors file of float32 tensors. */
final class SafetensorsWriter {
  private static final int CHUNK_ELEMENTS = 1 << 18;
  private static final int ALIGNMENT = 8;

  private SafetensorsWriter() {}

  /**
   * @param prefix of the tensors' names in the file
   */
  static void write(Path path, String prefix, ParameterLayout layout, Floats weights)
      throws IOException {
    try (FileChannel channel =
        FileChannel.open(
            path,
            StandardOpenOption.CREATE,
            StandardOpenOption.TRUNCATE_EXISTING,
            StandardOpenOption.WRITE)) {
      writeFully(channel, header(prefix, layout));
      writeData(channel, weights, layout.size());
      channel.force(true);
    }
  }

  private static ByteBuffer header(String prefix, ParameterLayout layout) throws IOException {
    ObjectNode root = JsonFile.JSON.createObjectNode();
    // transformers refuses files that do not say which framework's layout they follow.
    root.putObject("__metadata__").put("format", "pt");
    for (ParameterLayout.Entry entry : layout.entries()) {
      ObjectNode tensor =
          root.putObject(prefix + entry.name()).put("dtype", TensorType.F32.label());
      ArrayNode shape = tensor.putArray("shape");
      Arrays.stream(entry.shape()).forEach(shape::add);
      long start = entry.offset() * Float.BYTES;
      tensor.putArray("data_offsets").add(start).add(start + elements(entry) * Float.BYTES);
    }
    byte[] json = JsonFile.JSON.writeValueAsBytes(root);
    int padded = (json.length + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
    ByteBuffer header =
        ByteBuffer.allocate(Long.BYTES + padded).order(ByteOrder.LITTLE_ENDIAN).putLong(padded);
    header.put(json);
    while (header.hasRemaining()) {
      header.put((byte) ' ');
    }
    return header.flip();
  }

  static long elements(ParameterLayout.Entry entry) {
    long elements = 1;
    for (int size : entry.shape()) {
      elements = Math.multiplyExact(elements, size);
    }
    return elements;
  }

  private static void writeData(FileChannel channel, Floats weights, long size) throws IOException {
    float[] values = new float[CHUNK_ELEMENTS];
    ByteBuffer bytes =
        ByteBuffer.allocate(CHUNK_ELEMENTS * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    for (long done = 0; done < size; done += CHUNK_ELEMENTS) {
      int count = (int) Math.min(CHUNK_ELEMENTS, size - done);
      weights.copyTo(done, values, 0, count);
      bytes.clear();
      bytes.asFloatBuffer().put(values, 0, count);
      writeFully(channel, bytes.limit(count * Float.BYTES));
    }
  }

  private static void writeFully(FileChannel channel, ByteBuffer bytes) throws IOException {
    while (bytes.hasRemaining()) {
      channel.write(bytes);
    }
  }
}
