package org.rlhf4j.decoder;

import org.rlhf4j.tensor.Kernels;
import org.rlhf4j.tensor.Matrix;

/** Products with the weights as they are, for training and scoring. */
record DirectProducts(Tensors weights) implements Products {
  @Override
  public void multiplyAdd(Kernels kernels, Matrix x, int parameter, Matrix y) {
    kernels.multiply(1f, x, weights.matrix(parameter), 1f, y);
  }

  @Override
  public void multiplyTransposedAdd(Kernels kernels, Matrix x, int parameter, Matrix y) {
    kernels.multiplyTransposed(1f, x, weights.matrix(parameter), 1f, y);
  }

  @Override
  public void multiplyTransposed(Kernels kernels, Matrix x, int parameter, Matrix y) {
    kernels.multiplyTransposed(1f, x, weights.matrix(parameter), 0f, y);
  }
}
