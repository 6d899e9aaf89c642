package org.rlhf4j.decoder;

import org.rlhf4j.tensor.Kernels;
import org.rlhf4j.tensor.Matrix;

/** Token embedding plus learned position embedding. */
final class Embedding {
  private final int tokenTable;
  private final int positionTable;

  Embedding(ParameterLayout layout) {
    this.tokenTable = layout.index("transformer.wte.weight");
    this.positionTable = layout.index("transformer.wpe.weight");
  }

  /** out = embedding of each token, [N, H]. */
  void forward(Pass pass, Matrix out) {
    Kernels kernels = pass.kernels();
    kernels.gatherRows(pass.weights().matrix(tokenTable), pass.tokens(), pass.size(), out);
    kernels.gatherAddRows(pass.weights().matrix(positionTable), pass.positions(), pass.size(), out);
  }

  /** Adds to the token table's gradient (the head may share it), sets the position table's. */
  void backward(Pass pass, Tensors gradients, Matrix dOut) {
    Kernels kernels = pass.kernels();
    kernels.scatterAddRows(dOut, pass.tokens(), pass.size(), gradients.matrix(tokenTable));
    kernels.clear(gradients.matrix(positionTable));
    kernels.scatterAddRows(dOut, pass.positions(), pass.size(), gradients.matrix(positionTable));
  }

  /** Sets the token table's gradient to zero, for heads that do not share it. */
  void clearTokenGradient(Pass pass, Tensors gradients) {
    pass.kernels().clear(gradients.matrix(tokenTable));
  }
}
