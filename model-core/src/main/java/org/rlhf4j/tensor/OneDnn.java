package org.rlhf4j.tensor;

import static org.bytedeco.dnnl.global.dnnl.dnnl_sgemm;
import static org.bytedeco.dnnl.global.dnnl.dnnl_success;

import com.sun.jna.Function;
import com.sun.jna.NativeLibrary;
import com.sun.jna.Pointer;
import org.bytedeco.dnnl.global.dnnl;
import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.javacpp.Loader;

/**
 * Intel's and Linaro's oneDNN, which writes its products' code for the processor it finds.
 *
 * <p>Design: it has several ways to multiply, chosen by the shape, which add up blocks of k of
 * different lengths. No block is longer than what it is given here at a time, so with its kernels
 * for AVX-512 every element has one order of additions, whatever the rest of the shape is.
 *
 * <p>It runs on the threads that OpenMP's setting of the calling thread allows, so every thread
 * that multiplies gets a setting of one. Its Java interface lacks that setting: it is looked up in
 * the OpenMP library that came with oneDNN, or with ND4J if that was loaded first.
 */
final class OneDnn implements Blas {
  private static final int INNER = 512; // of k that are multiplied at a time
  private static final String OPENMP = "libgomp.so.1";
  private static final int RTLD_LAZY = 1;
  private static final int RTLD_NOLOAD = 4; // only the copy that is loaded

  private final Function setThreads;

  /**
   * @throws UnsatisfiedLinkError if it has no binary for this platform
   */
  OneDnn() {
    Loader.load(dnnl.class);
    NativeLibrary process = NativeLibrary.getProcess();
    Pointer library =
        process.getFunction("dlopen").invokePointer(new Object[] {OPENMP, RTLD_LAZY | RTLD_NOLOAD});
    Pointer address =
        library == null
            ? null
            : process
                .getFunction("dlsym")
                .invokePointer(new Object[] {library, "omp_set_num_threads"});
    if (address == null) {
      throw new UnsatisfiedLinkError(OPENMP + " does not tell how to set its threads");
    }
    setThreads = Function.getFunction(address);
  }

  @Override
  public void enterThread() {
    setThreads.invokeVoid(new Object[] {1});
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
    for (int from = 0; from < k; from += INNER) {
      a.position(transposeA ? (long) from * strideA : from);
      b.position(transposeB ? from : (long) from * strideB);
      int count = Math.min(INNER, k - from);
      byte opA = op(transposeA);
      byte opB = op(transposeB);
      float factor = from == 0 ? beta : 1f;
      int status =
          dnnl_sgemm(opA, opB, m, n, count, alpha, a, strideA, b, strideB, factor, c, strideC);
      if (status != dnnl_success) {
        throw new IllegalStateException("oneDNN's matrix product failed with status " + status);
      }
    }
    a.position(0);
    b.position(0);
  }

  private static byte op(boolean transpose) {
    return (byte) (transpose ? 'T' : 'N');
  }
}
