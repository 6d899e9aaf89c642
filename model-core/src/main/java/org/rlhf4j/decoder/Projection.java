package org.rlhf4j.decoder;

import org.rlhf4j.tensor.Matrix;

/** A linear layer. */
sealed interface Projection permits Conv1d, StackedLinear {
  /** y = x W + b; x [N, in], y [N, out]. */
  void forward(Pass pass, Matrix x, Matrix y);

  /** y = residual + x W + b; y may be the residual. */
  void forwardAdd(Pass pass, Matrix x, Matrix residual, Matrix y);

  /** Sets the parameters' gradients and dx. */
  void backward(Pass pass, Tensors gradients, Matrix x, Matrix dy, Matrix dx);
}
