package org.rlhf4j.data.raw;

import java.util.Arrays;

/** A growing list of verdicts, 16 bytes each: one prompt may have millions of them. */
public final class VerdictList {
  private long[] ends = new long[8];
  private int size;

  public void add(Verdict verdict) {
    if (2 * size == ends.length) {
      ends = Arrays.copyOf(ends, 2 * ends.length);
    }

    ends[2 * size] = verdict.better();
    ends[2 * size + 1] = verdict.worse();
    size++;
  }

  public void clear() {
    size = 0;
    if (ends.length > 1 << 10) {
      ends = new long[8];
    }
  }

  int size() {
    return size;
  }

  long better(int i) {
    return ends[2 * i];
  }

  long worse(int i) {
    return ends[2 * i + 1];
  }

  /** All responses named, each once, ascending, [N]. */
  long[] responses() {
    long[] responses = Arrays.copyOf(ends, 2 * size);
    Arrays.sort(responses);
    int count = 0;
    for (int i = 0; i < responses.length; i++) {
      if (i == 0 || responses[i] != responses[i - 1]) {
        responses[count] = responses[i];
        count++;
      }
    }

    return Arrays.copyOf(responses, count);
  }
}
