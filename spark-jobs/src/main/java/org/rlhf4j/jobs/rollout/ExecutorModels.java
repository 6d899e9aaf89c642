package org.rlhf4j.jobs.rollout;

import org.rlhf4j.decoder.DecoderModel;
import org.rlhf4j.text.TextEncoder;

/**
 * Models and tokenizers of this JVM, loaded once from their directories and shared read-only by its
 * tasks. A directory is identified by its path and the hash of its manifest or files. Keeps the few
 * most recently used. Stub.
 */
public final class ExecutorModels {
  private ExecutorModels() {}

  /** Any Hadoop path; a remote directory is copied to local storage first. */
  public static DecoderModel model(String directory) {
    throw new UnsupportedOperationException();
  }

  public static TextEncoder encoder(String directory) {
    throw new UnsupportedOperationException();
  }

  public static int[] endTokens(String directory) {
    throw new UnsupportedOperationException();
  }
}
