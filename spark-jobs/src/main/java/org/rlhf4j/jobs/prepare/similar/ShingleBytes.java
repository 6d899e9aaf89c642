package org.rlhf4j.jobs.prepare.similar;

import java.nio.ByteBuffer;

/** Sets of shingles as they are kept in rows: four bytes each. */
final class ShingleBytes {
  private ShingleBytes() {}

  static byte[] write(int[] shingles) {
    ByteBuffer bytes = ByteBuffer.allocate(Integer.BYTES * shingles.length);
    bytes.asIntBuffer().put(shingles);
    return bytes.array();
  }

  static int[] read(byte[] bytes) {
    int[] shingles = new int[bytes.length / Integer.BYTES];
    ByteBuffer.wrap(bytes).asIntBuffer().get(shingles);
    return shingles;
  }
}
