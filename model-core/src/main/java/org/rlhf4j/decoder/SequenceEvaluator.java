package org.rlhf4j.decoder;

import java.util.List;

/**
 * Log-probabilities and scalars of whole sequences, batched by length inside. Not thread-safe.
 * Stub.
 */
public final class SequenceEvaluator implements AutoCloseable {
  /**
   * @param batchTokens upper bound on tokens evaluated together
   */
  public SequenceEvaluator(DecoderModel model, int batchTokens, int threads) {
    throw new UnsupportedOperationException();
  }

  /**
   * Log-probability of each response token, nats, one [T] array per sequence, in the order given.
   */
  public List<float[]> responseLogprobs(List<TokenSequence> sequences, double temperature) {
    throw new UnsupportedOperationException();
  }

  /** Scalar at the last token of each sequence, in the order given. */
  public float[] lastScalars(List<TokenSequence> sequences) {
    throw new UnsupportedOperationException();
  }

  /**
   * Scalar at the position before each response token is emitted, one [T] array per sequence: a
   * critic's values.
   */
  public List<float[]> values(List<TokenSequence> sequences) {
    throw new UnsupportedOperationException();
  }

  @Override
  public void close() {}
}
