package org.rlhf4j.decoder;

import java.util.Optional;
import org.rlhf4j.tensor.Addend;
import org.rlhf4j.tensor.Floats;
import org.rlhf4j.tensor.Kernels;
import org.rlhf4j.tensor.Matrix;

/**
 * Linear layers on one input whose outputs stand side by side, y = [x W1^T + b1 | x W2^T + b2 |
 * ...], with weights stored [out, in] and biases where there are any.
 */
final class StackedLinear implements Projection {
  private static final int NO_BIAS = -1;

  private final int[] weights;
  private final int[] biases;

  StackedLinear(ParameterLayout layout, String... names) {
    this.weights = new int[names.length];
    this.biases = new int[names.length];
    for (int i = 0; i < names.length; i++) {
      weights[i] = layout.index(names[i] + ".weight");
      biases[i] = layout.contains(names[i] + ".bias") ? layout.index(names[i] + ".bias") : NO_BIAS;
    }
  }

  /** Works on one layer, whose outputs are {@code width} columns from {@code column} on. */
  private interface Part {
    void run(int index, int column, int width);
  }

  private void each(Pass pass, Part part) {
    int column = 0;
    for (int i = 0; i < weights.length; i++) {
      int width = pass.weights().matrix(weights[i]).rows();
      part.run(i, column, width);
      column += width;
    }
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
    each(
        pass,
        (i, column, width) -> {
          Optional<Floats> bias =
              biases[i] == NO_BIAS
                  ? Optional.empty()
                  : Optional.of(pass.weights().floats(biases[i]));
          Addend addend = new Addend(bias, residual.map(rows -> rows.columns(column, width)));
          Matrix columns = y.columns(column, width);
          pass.products().multiplyTransposed(pass.kernels(), x, weights[i], addend, columns);
        });
  }

  @Override
  public void backward(Pass pass, Tensors gradients, Matrix x, Matrix dy, Matrix dx) {
    Kernels kernels = pass.kernels();
    each(
        pass,
        (i, column, width) -> {
          Matrix columns = dy.columns(column, width);
          if (gradients.isTrained(weights[i])) {
            setGradients(kernels, gradients, i, x, columns);
          }
          Matrix w = pass.weights().matrix(weights[i]);
          kernels.multiply(1f, columns, w, i == 0 ? 0f : 1f, dx);
        });
  }

  private void setGradients(Kernels kernels, Tensors gradients, int i, Matrix x, Matrix dy) {
    if (biases[i] != NO_BIAS) {
      kernels.columnSums(dy, gradients.floats(biases[i]));
    }
    kernels.transposedMultiply(1f, dy, x, 0f, gradients.matrix(weights[i]));
  }
}
