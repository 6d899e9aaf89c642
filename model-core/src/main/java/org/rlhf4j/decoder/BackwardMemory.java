package org.rlhf4j.decoder;

import org.rlhf4j.tensor.Buffer;
import org.rlhf4j.tensor.Matrix;

/** Gradients of activations for N tokens, shared by all blocks. */
final class BackwardMemory implements AutoCloseable {
  private final DecoderConfig config;
  private final int qkvWidth;
  private final Buffer residualBuffer = new Buffer();
  private final Buffer narrowBuffer = new Buffer();
  private final Buffer wideBuffer = new Buffer();

  /** Gradient of the residual stream, [N, H]. */
  Matrix residual;

  /** [N, H]. */
  Matrix narrow;

  /** [N, intermediate size]. */
  Matrix hidden;

  /** [N, (heads + 2 kvHeads) D]; the memory of {@link #hidden}. */
  Matrix qkv;

  BackwardMemory(DecoderConfig config, int qkvWidth) {
    this.config = config;
    this.qkvWidth = qkvWidth;
  }

  void resize(int tokens) {
    int width = config.hiddenSize();
    residual = residualBuffer.matrix(tokens, width);
    narrow = narrowBuffer.matrix(tokens, width);
    wideBuffer.atLeast((long) tokens * Math.max(config.intermediateSize(), qkvWidth));
    hidden = wideBuffer.matrix(tokens, config.intermediateSize());
    qkv = wideBuffer.matrix(tokens, qkvWidth);
  }

  @Override
  public void close() {
    residualBuffer.close();
    narrowBuffer.close();
    wideBuffer.close();
  }
}
