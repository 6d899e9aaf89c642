package org.rlhf4j.tensor;

/** Weights as they are: BLAS needs no other order. */
record Nd4jMatrix(Matrix weights, boolean transposed) implements PackedMatrix {
  @Override
  public void multiply(Matrix x, Matrix y) {
    Nd4jKernels.product(1f, x, false, weights, transposed, 0f, y);
  }

  @Override
  public void multiplyAdd(Matrix x, Matrix y) {
    Nd4jKernels.product(1f, x, false, weights, transposed, 1f, y);
  }

  @Override
  public void close() {
    // They are not this one's.
  }
}
