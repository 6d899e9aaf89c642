package org.rlhf4j.decoder;

import org.rlhf4j.tensor.Kernels;
import org.rlhf4j.tensor.Matrix;

/** Token embedding, plus the learned position embedding where a family has one. */
final class Embedding {
  private static final int NO_POSITIONS = -1;

  private final int tokenTable;
  private final int positionTable;

  Embedding(DecoderConfig config, ParameterLayout layout) {
    this.tokenTable = layout.index(config.tokenTable());
    this.positionTable = config.isGpt2() ? layout.index("transformer.wpe.weight") : NO_POSITIONS;
  }

  /** out = embedding of each token, [N, H]. */
  void forward(Pass pass, Matrix out) {
    Kernels kernels = pass.kernels();
    kernels.gatherRows(pass.weights().matrix(tokenTable), pass.tokens(), pass.size(), out);
    if (positionTable != NO_POSITIONS) {
      Matrix positions = pass.weights().matrix(positionTable);
      kernels.gatherAddRows(positions, pass.positions(), pass.size(), out);
    }
  }

  /** Adds to the token table's gradient (the head may share it), sets the position table's. */
  void backward(Pass pass, Tensors gradients, Matrix dOut) {
    if (!gradients.isTrained(tokenTable)) {
      return;
    }
    Kernels kernels = pass.kernels();
    kernels.scatterAddRows(dOut, pass.tokens(), pass.size(), gradients.matrix(tokenTable));
    if (positionTable != NO_POSITIONS) {
      Matrix dPositions = gradients.matrix(positionTable);
      kernels.clear(dPositions);
      kernels.scatterAddRows(dOut, pass.positions(), pass.size(), dPositions);
    }
  }

  /** Sets the token table's gradient to zero, for heads that do not share it. */
  void clearTokenGradient(Pass pass, Tensors gradients) {
    if (gradients.isTrained(tokenTable)) {
      pass.kernels().clear(gradients.matrix(tokenTable));
    }
  }
}
