package org.rlhf4j.decoder;

import org.rlhf4j.tensor.Addend;
import org.rlhf4j.tensor.Kernels;
import org.rlhf4j.tensor.Matrix;

/** Products with the weights as they are, for training and scoring. */
record DirectProducts(Tensors weights) implements Products {
  @Override
  public void multiply(Kernels kernels, Matrix x, int parameter, Addend addend, Matrix y) {
    kernels.multiply(1f, x, weights.matrix(parameter), put(kernels, addend, y), y);
  }

  @Override
  public void multiplyTransposed(
      Kernels kernels, Matrix x, int parameter, Addend addend, Matrix y) {
    kernels.multiplyTransposed(1f, x, weights.matrix(parameter), put(kernels, addend, y), y);
  }

  /** Sets y to what the product is added to; returns the factor of y in it. */
  private static float put(Kernels kernels, Addend addend, Matrix y) {
    if (addend.isNone()) {
      return 0f;
    }
    addend.fill(kernels, y);
    return 1f;
  }
}
