package org.rlhf4j.jobs.label;

import java.util.List;
import java.util.Optional;

/** Says how likely each of its answers to a question is. Not thread-safe. */
interface Judge extends AutoCloseable {
  /**
   * Opinions in the order of the inquiries; empty where its context holds no character of the
   * responses.
   */
  List<Optional<Opinion>> opinions(List<Inquiry> inquiries);

  @Override
  void close();
}
