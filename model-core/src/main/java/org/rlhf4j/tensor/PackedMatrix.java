package org.rlhf4j.tensor;

/**
 * A weight matrix [in, out] as its {@link Kernels} like it best for products with few rows. Not
 * thread-safe.
 */
public interface PackedMatrix extends AutoCloseable {
  /** y = x W; x [M, in], y [M, out]. */
  void multiply(Matrix x, Matrix y);

  /** y += x W; x [M, in], y [M, out]. */
  void multiplyAdd(Matrix x, Matrix y);

  @Override
  void close();
}
