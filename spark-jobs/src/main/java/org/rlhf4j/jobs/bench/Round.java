package org.rlhf4j.jobs.bench;

/** A piece of work that can be repeated. */
interface Round extends AutoCloseable {
  void run();

  /** Floating-point operations of the matrix products of one round. */
  double operations();

  @Override
  void close();
}
