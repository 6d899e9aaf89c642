package org.rlhf4j.decoder;

import java.util.HashMap;
import java.util.Map;
import org.rlhf4j.tensor.Kernels;
import org.rlhf4j.tensor.Matrix;
import org.rlhf4j.tensor.PackedMatrix;

/** Products with weights rearranged once, for generation; each is packed when it is first used. */
final class PackedProducts implements Products, AutoCloseable {
  private final Tensors weights;
  private final Map<Integer, PackedMatrix> packed = new HashMap<>();

  PackedProducts(Tensors weights) {
    this.weights = weights;
  }

  @Override
  public void multiplyAdd(Kernels kernels, Matrix x, int parameter, Matrix y) {
    PackedMatrix w = packed.computeIfAbsent(parameter, p -> kernels.pack(weights.matrix(p)));
    w.multiplyAdd(x, y);
  }

  @Override
  public void multiplyTransposedAdd(Kernels kernels, Matrix x, int parameter, Matrix y) {
    transposed(kernels, parameter).multiplyAdd(x, y);
  }

  @Override
  public void multiplyTransposed(Kernels kernels, Matrix x, int parameter, Matrix y) {
    transposed(kernels, parameter).multiply(x, y);
  }

  private PackedMatrix transposed(Kernels kernels, int parameter) {
    return packed.computeIfAbsent(parameter, p -> kernels.packTransposed(weights.matrix(p)));
  }

  @Override
  public void close() {
    packed.values().forEach(PackedMatrix::close);
    packed.clear();
  }
}
