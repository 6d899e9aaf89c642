package org.rlhf4j.jobs.quality;

import java.util.stream.IntStream;

/** Items with votes, for tests. */
final class Votes {
  private Votes() {}

  /** Labels of annotators 0, 1, 2 ... */
  static CodedItem on(String item, int... labels) {
    int[] annotators = IntStream.range(0, labels.length).toArray();
    return CodedItem.ofLabels(item, annotators, labels, CodedItem.UNKNOWN);
  }
}
