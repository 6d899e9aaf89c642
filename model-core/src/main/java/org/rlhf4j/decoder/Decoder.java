package org.rlhf4j.decoder;

import org.rlhf4j.tensor.Floats;

/**
 * Forward and backward pass of a decoder with its own activation memory, allocated once per shape.
 * Not thread-safe: one per thread of work. Weights are given with each call. Stub.
 */
public final class Decoder implements AutoCloseable {
  /**
   * @param threads kernel threads of this instance
   */
  public Decoder(DecoderConfig config, DecoderHead head, int threads) {
    throw new UnsupportedOperationException();
  }

  /**
   * Outputs of the batch's targets; keeps no activations.
   *
   * @param temperature divides the logits (language model only)
   * @param outputs set, [K]; see {@link TokenBatch}
   */
  public void evaluate(Floats weights, TokenBatch batch, double temperature, float[] outputs) {
    throw new UnsupportedOperationException();
  }

  /**
   * The same, keeping what {@link #backward} needs.
   *
   * @param entropies set to the entropy of each target's distribution, nats, [K]; empty array: not
   *     computed
   */
  public void forward(
      Floats weights, TokenBatch batch, double temperature, float[] outputs, float[] entropies) {
    throw new UnsupportedOperationException();
  }

  /**
   * Gradient of the loss with respect to all parameters, for the batch of the last {@link
   * #forward}.
   *
   * @param outputGradient d loss / d outputs, [K]
   * @param gradients set (not added to), laid out as the weights
   */
  public void backward(Floats weights, float[] outputGradient, Floats gradients) {
    throw new UnsupportedOperationException();
  }

  @Override
  public void close() {}
}
