package org.rlhf4j.data.raw;

/** What came of one raw row. */
public sealed interface RawResult {
  /**
   * @param format the format it was read as
   */
  record Accepted(RawFormat format, RawRecord record) implements RawResult {}

  /**
   * @param detail what is wrong, for a reader
   */
  record Rejected(Reason reason, String detail) implements RawResult {}
}
