package org.rlhf4j.decoder;

import org.rlhf4j.tensor.Matrix;

/** What turns the residual stream into outputs of the targets. */
sealed interface Head extends AutoCloseable permits LanguageModelHead, ScalarHead {
  /** Tokens whose residual stream the outputs are made of, one for each target, [K]. */
  int[] wanted(TokenBatch batch);

  /**
   * Outputs only; a head that would keep much for the backward pass does with less.
   *
   * @param x residual stream of the wanted tokens, [K, H]
   */
  default void evaluate(
      Pass pass, TokenBatch batch, Matrix x, double temperature, float[] outputs) {
    forward(pass, batch, x, temperature, outputs, new float[0]);
  }

  /** The same, keeping what {@link #backward} needs; see {@link Decoder#forward}. */
  void forward(
      Pass pass,
      TokenBatch batch,
      Matrix x,
      double temperature,
      float[] outputs,
      float[] entropies);

  /** Sets the gradients of the head's own parameters and dx, [K, H]. */
  void backward(Pass pass, Tensors gradients, float[] outputGradient, Matrix dx);

  @Override
  void close();
}
