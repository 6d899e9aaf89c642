package org.rlhf4j.tensor;

import org.bytedeco.javacpp.FloatPointer;

/** A library of matrix products, as {@link Gemm} uses it: on the calling thread alone. */
interface Blas {
  /** To be called once by every thread, before its first product. */
  void enterThread();

  /**
   * {@code c = alpha op(a) op(b) + beta c}, all row-major, where op transposes or not; with beta 0
   * what c held does not matter. No size is 0.
   *
   * @param m rows of op(a) and c
   * @param n columns of op(b) and c
   * @param k columns of op(a), rows of op(b)
   * @param strideA values from one row of a, as it lies in memory, to the next
   */
  void multiply(
      boolean transposeA,
      boolean transposeB,
      int m,
      int n,
      int k,
      float alpha,
      FloatPointer a,
      int strideA,
      FloatPointer b,
      int strideB,
      float beta,
      FloatPointer c,
      int strideC);
}
