package org.rlhf4j.jobs.prepare.similar;

import java.io.Serializable;
import java.nio.ByteBuffer;
import org.rlhf4j.data.similarity.MinHash;

/**
 * What of a text its candidates are found by: 88 bytes instead of its words.
 *
 * @param id of the text
 * @param sketch one bit of each position of the MinHash signature
 * @param bands hashes of the signature's bands, [10]
 */
public record Signature(long id, long sketch, long[] bands) implements Serializable {
  private static final byte[] NO_BYTES = {};

  /**
   * @param scope texts of different scopes never meet
   * @param shingles at least one, [S]
   */
  public static Signature of(long id, long scope, int[] shingles) {
    return read(id, write(scope, shingles));
  }

  /** The form in which a signature is kept in rows, without its id; no bytes without shingles. */
  public static byte[] write(long scope, int[] shingles) {
    if (shingles.length == 0) {
      return NO_BYTES;
    }

    int[] signature = MinHash.signature(shingles);
    ByteBuffer bytes = ByteBuffer.allocate(Long.BYTES * (1 + MinHash.BANDS));
    bytes.putLong(MinHash.sketch(signature));
    for (int band = 0; band < MinHash.BANDS; band++) {
      bytes.putLong(MinHash.band(signature, band, scope));
    }

    return bytes.array();
  }

  /**
   * @param bytes as {@link #write} wrote them, of a text with shingles
   */
  public static Signature read(long id, byte[] bytes) {
    ByteBuffer buffer = ByteBuffer.wrap(bytes);
    long sketch = buffer.getLong();
    long[] bands = new long[MinHash.BANDS];
    buffer.asLongBuffer().get(bands);
    return new Signature(id, sketch, bands);
  }
}
