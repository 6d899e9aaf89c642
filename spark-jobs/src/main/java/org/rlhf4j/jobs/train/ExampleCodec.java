package org.rlhf4j.jobs.train;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.rlhf4j.dl4j.TrainingExample;

/** Training examples as bytes: small in a shuffle, and the same under any Spark serialiser. */
final class ExampleCodec {
  private ExampleCodec() {}

  static byte[] encode(TrainingExample example) {
    byte[] id = example.id().getBytes(StandardCharsets.UTF_8);
    ByteBuffer bytes = ByteBuffer.allocate(Integer.BYTES * 2 + id.length + sizeOf(example));
    bytes.putInt(id.length).put(id).putInt(example.sequences().size());
    for (TrainingExample.Sequence sequence : example.sequences()) {
      putInts(bytes, sequence.tokens());
      putInts(bytes, sequence.targets());
      bytes.putInt(sequence.channels().length);
      for (float[] channel : sequence.channels()) {
        bytes.asFloatBuffer().put(channel);
        bytes.position(bytes.position() + channel.length * Float.BYTES);
      }
    }
    return bytes.array();
  }

  private static int sizeOf(TrainingExample example) {
    int words = 0;
    for (TrainingExample.Sequence sequence : example.sequences()) {
      int targets = sequence.targets().length;
      words += 3 + sequence.tokens().length + targets + sequence.channels().length * targets;
    }
    return words * Integer.BYTES;
  }

  static TrainingExample decode(byte[] encoded) {
    ByteBuffer bytes = ByteBuffer.wrap(encoded);
    byte[] id = new byte[bytes.getInt()];
    bytes.get(id);
    int count = bytes.getInt();
    List<TrainingExample.Sequence> sequences = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      int[] tokens = ints(bytes);
      int[] targets = ints(bytes);
      float[][] channels = new float[bytes.getInt()][targets.length];
      for (float[] channel : channels) {
        bytes.asFloatBuffer().get(channel);
        bytes.position(bytes.position() + channel.length * Float.BYTES);
      }
      sequences.add(new TrainingExample.Sequence(tokens, targets, channels));
    }
    return new TrainingExample(new String(id, StandardCharsets.UTF_8), sequences);
  }

  private static void putInts(ByteBuffer bytes, int[] values) {
    bytes.putInt(values.length);
    bytes.asIntBuffer().put(values);
    bytes.position(bytes.position() + values.length * Integer.BYTES);
  }

  private static int[] ints(ByteBuffer bytes) {
    int[] values = new int[bytes.getInt()];
    bytes.asIntBuffer().get(values);
    bytes.position(bytes.position() + values.length * Integer.BYTES);
    return values;
  }
}
