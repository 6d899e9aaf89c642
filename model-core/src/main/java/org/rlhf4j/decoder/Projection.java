package org.rlhf4j.decoder;

import java.util.List;
import java.util.stream.Stream;
import org.rlhf4j.tensor.Matrix;

/** A linear layer. */
sealed interface Projection permits Conv1d, LowRankProjection, StackedLinear {
  /** GPT-2's linear layer of this name, with its adapter where the layout has one. */
  static Projection conv1d(ParameterLayout layout, String name) {
    int outputs = layout.entry(name + ".weight").shape()[1];
    return LowRankProjection.around(
        new Conv1d(layout, name), layout, List.of(name), List.of(outputs));
  }

  /** Linear layers of these names side by side, with adapters where the layout has them. */
  static Projection linear(ParameterLayout layout, String... names) {
    List<Integer> outputs =
        Stream.of(names).map(name -> layout.entry(name + ".weight").shape()[0]).toList();
    return LowRankProjection.around(
        new StackedLinear(layout, names), layout, List.of(names), outputs);
  }

  /** y = x W + b; x [N, in], y [N, out]. */
  void forward(Pass pass, Matrix x, Matrix y);

  /** y = residual + x W + b; y may be the residual. */
  void forwardAdd(Pass pass, Matrix x, Matrix residual, Matrix y);

  /** Sets dx and the gradients of the parameters that have one. */
  void backward(Pass pass, Tensors gradients, Matrix x, Matrix dy, Matrix dx);
}
