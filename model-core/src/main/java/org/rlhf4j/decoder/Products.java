package org.rlhf4j.decoder;

import org.rlhf4j.tensor.Addend;
import org.rlhf4j.tensor.Kernels;
import org.rlhf4j.tensor.Matrix;

/** How activations meet weight matrices: many rows at once, or few against packed weights. */
sealed interface Products permits DirectProducts, PackedProducts {
  /** y = addend + x W for W stored [in, out]; x [N, in], y [N, out]. */
  void multiply(Kernels kernels, Matrix x, int parameter, Addend addend, Matrix y);

  /** y = addend + x W^T for W stored [out, in]; x [N, in], y [N, out]. */
  void multiplyTransposed(Kernels kernels, Matrix x, int parameter, Addend addend, Matrix y);
}
