package org.rlhf4j.decoder;

import org.rlhf4j.tensor.Floats;
import org.rlhf4j.tensor.Matrix;

/** Root-mean-square normalisation with a weight. */
final class RmsNormPart implements Norm {
  private final int weight;
  private final double epsilon;

  RmsNormPart(ParameterLayout layout, String name, double epsilon) {
    this.weight = layout.index(name + ".weight");
    this.epsilon = epsilon;
  }

  @Override
  public void forward(Pass pass, Matrix x, Matrix y, Floats statistics) {
    pass.kernels().rmsNorm(x, pass.weights().floats(weight), epsilon, y, statistics);
  }

  @Override
  public void backward(
      Pass pass, Tensors gradients, Matrix x, Floats statistics, Matrix dy, Matrix dx) {
    pass.kernels()
        .rmsNormBackward(
            x, pass.weights().floats(weight), statistics, dy, dx, gradients.floats(weight));
  }
}
