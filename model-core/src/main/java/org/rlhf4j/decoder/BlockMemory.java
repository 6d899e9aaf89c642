package org.rlhf4j.decoder;

import org.rlhf4j.tensor.Buffer;
import org.rlhf4j.tensor.Floats;
import org.rlhf4j.tensor.Kernels;
import org.rlhf4j.tensor.Matrix;

/** Activations of one block for N tokens; grows to the largest batch and is then reused. */
final class BlockMemory implements AutoCloseable {
  private final DecoderConfig config;
  private final int qkvWidth;
  private final Buffer[] buffers = new Buffer[9];

  Matrix input;
  Matrix attentionNorm;
  Floats attentionStatistics;
  Matrix qkv;
  Matrix attended;
  Matrix middle;
  Matrix mlpNorm;
  Floats mlpStatistics;
  Matrix hidden;
  Matrix activated;

  BlockMemory(Kernels kernels, DecoderConfig config, int qkvWidth) {
    this.config = config;
    this.qkvWidth = qkvWidth;
    for (int i = 0; i < buffers.length; i++) {
      buffers[i] = new Buffer(kernels);
    }
  }

  /** Makes room for {@code tokens} tokens; the residual stream comes in through {@code in}. */
  BlockMemory resize(int tokens, Matrix in) {
    int width = config.hiddenSize();
    input = in;
    attentionNorm = buffers[0].matrix(tokens, width);
    attentionStatistics = buffers[1].atLeast((long) tokens * Norm.STATISTICS);
    qkv = buffers[2].matrix(tokens, qkvWidth);
    attended = buffers[3].matrix(tokens, config.heads() * config.headSize());
    middle = buffers[4].matrix(tokens, width);
    mlpNorm = buffers[5].matrix(tokens, width);
    mlpStatistics = buffers[6].atLeast((long) tokens * Norm.STATISTICS);
    int inputs = Activation.of(config).inputs();
    hidden = buffers[7].matrix(tokens, inputs * config.intermediateSize());
    activated = buffers[8].matrix(tokens, config.intermediateSize());
    return this;
  }

  @Override
  public void close() {
    for (Buffer buffer : buffers) {
      buffer.close();
    }
  }
}
