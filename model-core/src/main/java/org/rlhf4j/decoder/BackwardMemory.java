package org.rlhf4j.decoder;

import org.rlhf4j.tensor.Buffer;
import org.rlhf4j.tensor.Kernels;
import org.rlhf4j.tensor.Matrix;

/** Gradients of activations for N tokens; blocks take turns. */
final class BackwardMemory implements AutoCloseable {
  private final DecoderConfig config;
  private final int qkvWidth;
  private final Buffer residualBuffer;
  private final Buffer narrowBuffer;
  private final Buffer wideBuffer;
  private final Buffer activatedBuffer;

  /** Gradient of the residual stream, [N, H]. */
  Matrix residual;

  /** [N, H]. */
  Matrix narrow;

  /** [N, heads D]; the memory of {@link #narrow} where the widths agree. */
  Matrix attended;

  /** Of the input of the activation, [N, inputs I]. */
  Matrix hidden;

  /** Of the output of the activation, [N, I]; the memory of {@link #hidden} for one input. */
  Matrix activated;

  /** [N, (heads + 2 kvHeads) D]; the memory of {@link #hidden}. */
  Matrix qkv;

  BackwardMemory(Kernels kernels, DecoderConfig config, int qkvWidth) {
    this.config = config;
    this.qkvWidth = qkvWidth;
    this.residualBuffer = new Buffer(kernels);
    this.narrowBuffer = new Buffer(kernels);
    this.wideBuffer = new Buffer(kernels);
    this.activatedBuffer = new Buffer(kernels);
  }

  void resize(int tokens) {
    int width = config.hiddenSize();
    residual = residualBuffer.matrix(tokens, width);
    int headsWidth = config.heads() * config.headSize();
    int inputs = Activation.of(config).inputs();
    int hiddenWidth = inputs * config.intermediateSize();
    narrowBuffer.atLeast((long) tokens * Math.max(width, headsWidth));
    narrow = narrowBuffer.matrix(tokens, width);
    attended = narrowBuffer.matrix(tokens, headsWidth);
    wideBuffer.atLeast((long) tokens * Math.max(hiddenWidth, qkvWidth));
    hidden = wideBuffer.matrix(tokens, hiddenWidth);
    qkv = wideBuffer.matrix(tokens, qkvWidth);
    activated = inputs == 1 ? hidden : activatedBuffer.matrix(tokens, config.intermediateSize());
  }

  /** Sets what goes into a block from the gradients of its rows that leave; 0 elsewhere. */
  void spread(Kernels kernels, int[] rows, BackwardMemory leaving) {
    kernels.clear(residual);
    kernels.clear(attended);
    kernels.scatterAddRows(leaving.residual, rows, rows.length, residual);
    kernels.scatterAddRows(leaving.attended, rows, rows.length, attended);
  }

  @Override
  public void close() {
    residualBuffer.close();
    narrowBuffer.close();
    wideBuffer.close();
    activatedBuffer.close();
  }
}
