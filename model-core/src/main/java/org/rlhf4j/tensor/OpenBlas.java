package org.rlhf4j.tensor;

import static org.bytedeco.openblas.global.openblas_nolapack.CblasNoTrans;
import static org.bytedeco.openblas.global.openblas_nolapack.CblasRowMajor;
import static org.bytedeco.openblas.global.openblas_nolapack.CblasTrans;
import static org.bytedeco.openblas.global.openblas_nolapack.blas_set_num_threads;
import static org.bytedeco.openblas.global.openblas_nolapack.cblas_sgemm;

import org.bytedeco.javacpp.FloatPointer;

/** OpenBLAS, which ND4J brings for every platform. */
final class OpenBlas implements Blas {
  OpenBlas() {
    OpenBlasCore.tell();
    blas_set_num_threads(1); // global to the process; ND4J's own products are not the hot path
  }

  @Override
  public void enterThread() {
    // The number of threads is the process's.
  }

  @Override
  public void multiply(
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
      int strideC) {
    int opA = transposeA ? CblasTrans : CblasNoTrans;
    int opB = transposeB ? CblasTrans : CblasNoTrans;
    cblas_sgemm(CblasRowMajor, opA, opB, m, n, k, alpha, a, strideA, b, strideB, beta, c, strideC);
  }
}
