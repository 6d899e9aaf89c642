package org.rlhf4j.jobs.dataset;

import java.io.ByteArrayOutputStream;
import org.apache.parquet.bytes.BytesInput;

/**
 * Repetition or definition levels of a page as runs of the same level: a varint of twice the run's
 * length, then the level in one byte (the RLE half of [1], for levels up to 255). Parquet's own
 * encoder is told of each level by itself.
 *
 * <p>[1] https://parquet.apache.org/docs/file-format/data-pages/encodings, run length encoding /
 * bit-packing hybrid
 */
final class LevelRuns {
  private static final int LOW_BITS = 0x7f;
  private static final int MORE = 0x80;

  private final ByteArrayOutputStream runs = new ByteArrayOutputStream();
  private int level;
  private int count; // of the run that is open

  /** So many times the same level. */
  void add(int next, int times) {
    if (next != level) {
      endRun();
      level = next;
    }
    count += times;
  }

  /** All of them; begins anew. */
  BytesInput end() {
    endRun();
    BytesInput all = BytesInput.from(runs.toByteArray());
    runs.reset();
    return all;
  }

  private void endRun() {
    if (count == 0) {
      return;
    }
    int header = count << 1;
    for (; header > LOW_BITS; header >>>= 7) {
      runs.write((header & LOW_BITS) | MORE);
    }
    runs.write(header);
    runs.write(level);
    count = 0;
  }
}
