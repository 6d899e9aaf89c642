package org.rlhf4j.decoder;

import org.rlhf4j.tensor.Floats;
import org.rlhf4j.tensor.Matrix;

/** Layer normalisation with weight and bias. */
final class LayerNormPart implements Norm {
  private final int weight;
  private final int bias;
  private final double epsilon;

  LayerNormPart(ParameterLayout layout, String name, double epsilon) {
    this.weight = layout.index(name + ".weight");
    this.bias = layout.index(name + ".bias");
    this.epsilon = epsilon;
  }

  @Override
  public void forward(Pass pass, Matrix x, Matrix y, Floats statistics) {
    Tensors weights = pass.weights();
    pass.kernels()
        .layerNorm(x, weights.floats(weight), weights.floats(bias), epsilon, y, statistics);
  }

  @Override
  public void backward(
      Pass pass, Tensors gradients, Matrix x, Floats statistics, Matrix dy, Matrix dx) {
    pass.kernels()
        .layerNormBackward(
            x,
            pass.weights().floats(weight),
            statistics,
            dy,
            dx,
            gradients.floats(weight),
            gradients.floats(bias));
  }
}
