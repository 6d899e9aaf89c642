package org.rlhf4j.decoder;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.rlhf4j.tensor.Addend;
import org.rlhf4j.tensor.Kernels;
import org.rlhf4j.tensor.Matrix;
import org.rlhf4j.tensor.PackedMatrix;

/**
 * Products with weights rearranged once, for generation; each is packed when it is first used.
 * Decoders of several threads may share them.
 */
final class PackedProducts implements Products {
  private final Tensors weights;
  private final Map<Integer, PackedMatrix> packed = new ConcurrentHashMap<>();

  PackedProducts(Tensors weights) {
    this.weights = weights;
  }

  @Override
  public void multiply(Kernels kernels, Matrix x, int parameter, Addend addend, Matrix y) {
    PackedMatrix w = packed.computeIfAbsent(parameter, p -> kernels.pack(weights.matrix(p)));
    kernels.multiplyPacked(x, w, addend, y);
  }

  @Override
  public void multiplyTransposed(
      Kernels kernels, Matrix x, int parameter, Addend addend, Matrix y) {
    PackedMatrix w =
        packed.computeIfAbsent(parameter, p -> kernels.packTransposed(weights.matrix(p)));
    kernels.multiplyPacked(x, w, addend, y);
  }
}
