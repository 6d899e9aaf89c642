package org.rlhf4j.decoder;

import java.util.Optional;
import org.rlhf4j.tensor.Addend;
import org.rlhf4j.tensor.Kernels;
import org.rlhf4j.tensor.Matrix;

/** y = x W + b, with W stored [in, out] as GPT-2 does. */
final class Conv1d implements Projection {
  private final int weight;
  private final int bias;

  Conv1d(ParameterLayout layout, String name) {
    this.weight = layout.index(name + ".weight");
    this.bias = layout.index(name + ".bias");
  }

  @Override
  public void forward(Pass pass, Matrix x, Matrix y) {
    forward(pass, x, Optional.empty(), y);
  }

  @Override
  public void forwardAdd(Pass pass, Matrix x, Matrix residual, Matrix y) {
    forward(pass, x, Optional.of(residual), y);
  }

  private void forward(Pass pass, Matrix x, Optional<Matrix> residual, Matrix y) {
    Addend addend = new Addend(Optional.of(pass.weights().floats(bias)), residual);
    pass.products().multiply(pass.kernels(), x, weight, addend, y);
  }

  @Override
  public void backward(Pass pass, Tensors gradients, Matrix x, Matrix dy, Matrix dx) {
    Kernels kernels = pass.kernels();
    if (gradients.isTrained(weight)) {
      kernels.columnSums(dy, gradients.floats(bias));
      kernels.transposedMultiply(1f, x, dy, 0f, gradients.matrix(weight));
    }
    kernels.multiplyTransposed(1f, dy, pass.weights().matrix(weight), 0f, dx);
  }
}
