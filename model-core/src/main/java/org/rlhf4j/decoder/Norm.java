package org.rlhf4j.decoder;

import org.rlhf4j.tensor.Floats;
import org.rlhf4j.tensor.Matrix;

/** Normalisation of each token's row. */
sealed interface Norm permits LayerNormPart, RmsNormPart {
  /** Values kept per row for the backward pass, at most. */
  int STATISTICS = 2;

  /** The norm of this name, of the family's kind. */
  static Norm of(DecoderConfig config, ParameterLayout layout, String name) {
    return config.isGpt2()
        ? new LayerNormPart(layout, name, config.normEpsilon())
        : new RmsNormPart(layout, name, config.normEpsilon());
  }

  /** y = norm of each row of x; statistics is set, [N, 2]. */
  void forward(Pass pass, Matrix x, Matrix y, Floats statistics);

  /** Sets the parameters' gradients; dx += the gradient. */
  void backward(Pass pass, Tensors gradients, Matrix x, Floats statistics, Matrix dy, Matrix dx);
}
