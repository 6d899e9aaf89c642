package org.rlhf4j.decoder;

import java.util.ArrayList;
import java.util.List;
import org.rlhf4j.tensor.Kernels;
import org.rlhf4j.tensor.Matrix;

/**
 * Frozen linear layers side by side, some of them with a low-rank adapter: in such a layer's
 * columns y += scale (x A^T) B^T (Hu et al. 2021, arXiv:2106.09685, eq. 3).
 */
final class LowRankProjection implements Projection {
  private final Projection layers;
  private final List<Adapter> adapters;
  private final float scale;

  /**
   * @param down index of A, [r, in]
   * @param up index of B, [out, r]
   * @param column first of the layer's outputs
   */
  private record Adapter(int down, int up, int column) {}

  private LowRankProjection(Projection layers, List<Adapter> adapters, float scale) {
    this.layers = layers;
    this.adapters = adapters;
    this.scale = scale;
  }

  /**
   * The layers with their adapters, or as they are where they have none.
   *
   * @param outputs width of each layer
   */
  static Projection around(
      Projection layers, ParameterLayout layout, List<String> names, List<Integer> outputs) {
    List<Adapter> adapters = new ArrayList<>();
    int column = 0;
    for (int i = 0; i < names.size(); i++) {
      if (layout.adapters().adapt(names.get(i))) {
        int down = layout.index(Adapters.down(names.get(i)));
        adapters.add(new Adapter(down, layout.index(Adapters.up(names.get(i))), column));
      }
      column += outputs.get(i);
    }
    return adapters.isEmpty()
        ? layers
        : new LowRankProjection(layers, adapters, layout.adapters().scale());
  }

  @Override
  public void forward(Pass pass, Matrix x, Matrix y) {
    layers.forward(pass, x, y);
    add(pass, x, y);
  }

  @Override
  public void forwardAdd(Pass pass, Matrix x, Matrix residual, Matrix y) {
    layers.forwardAdd(pass, x, residual, y);
    add(pass, x, y);
  }

  private void add(Pass pass, Matrix x, Matrix y) {
    for (Adapter adapter : adapters) {
      Matrix up = pass.weights().matrix(adapter.up());
      Matrix columns = y.columns(adapter.column(), up.rows());
      pass.kernels().multiplyTransposed(scale, reduced(pass, adapter, x), up, 1f, columns);
    }
  }

  /** x A^T, [N, r]; small, so that it is computed again rather than kept. */
  private static Matrix reduced(Pass pass, Adapter adapter, Matrix x) {
    Matrix down = pass.weights().matrix(adapter.down());
    Matrix reduced = pass.scratch().matrix(2 * x.rows(), down.rows()).rows(0, x.rows());
    pass.kernels().multiplyTransposed(1f, x, down, 0f, reduced);
    return reduced;
  }

  @Override
  public void backward(Pass pass, Tensors gradients, Matrix x, Matrix dy, Matrix dx) {
    Kernels kernels = pass.kernels();
    layers.backward(pass, gradients, x, dy, dx);
    for (Adapter adapter : adapters) {
      Matrix down = pass.weights().matrix(adapter.down());
      Matrix up = pass.weights().matrix(adapter.up());
      Matrix dColumns = dy.columns(adapter.column(), up.rows());
      Matrix reduced = reduced(pass, adapter, x);
      kernels.transposedMultiply(scale, dColumns, reduced, 0f, gradients.matrix(adapter.up()));
      Matrix dReduced = pass.scratch().matrix(2 * x.rows(), down.rows()).rows(x.rows(), x.rows());
      kernels.multiply(scale, dColumns, up, 0f, dReduced);
      kernels.transposedMultiply(1f, dReduced, x, 0f, gradients.matrix(adapter.down()));
      kernels.multiply(1f, dReduced, down, 1f, dx);
    }
  }
}
