package org.rlhf4j.decoder;

import org.rlhf4j.tensor.Buffer;
import org.rlhf4j.tensor.Floats;
import org.rlhf4j.tensor.Kernels;
import org.rlhf4j.tensor.Matrix;

/**
 * Activations of one block for N tokens, K of which leave it; grows to the largest batch and is
 * then reused.
 */
final class BlockMemory implements AutoCloseable {
  private final DecoderConfig config;
  private final int qkvWidth;
  private final Buffer[] buffers = new Buffer[11];

  Matrix input;
  Matrix attentionNorm;
  Floats attentionStatistics;
  Matrix qkv;
  Matrix attended;

  /** Rows of the input that leave, [K, H]; the input itself where all do. */
  Matrix leaving;

  /** Their rows of {@link #attended}. */
  Matrix leavingAttended;

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

  /** Makes room for a block that all rows of {@code in} enter and leave. */
  BlockMemory enter(Matrix in) {
    enter(in, in.rows());
    leaving = input;
    leavingAttended = attended;
    return this;
  }

  /** Makes room for a block that all rows of {@code in} enter, but only {@code count} leave. */
  BlockMemory enter(Matrix in, int count) {
    int tokens = in.rows();
    int width = config.hiddenSize();
    input = in;
    attentionNorm = buffers[0].matrix(tokens, width);
    attentionStatistics = buffers[1].atLeast((long) tokens * Norm.STATISTICS);
    qkv = buffers[2].matrix(tokens, qkvWidth);
    attended = buffers[3].matrix(tokens, config.heads() * config.headSize());
    middle = buffers[4].matrix(count, width);
    mlpNorm = buffers[5].matrix(count, width);
    mlpStatistics = buffers[6].atLeast((long) count * Norm.STATISTICS);
    int inputs = Activation.of(config).inputs();
    hidden = buffers[7].matrix(count, inputs * config.intermediateSize());
    activated = buffers[8].matrix(count, config.intermediateSize());
    return this;
  }

  /** Sets what leaves to these rows; after {@link Block#attend}. */
  void leave(Kernels kernels, int[] rows) {
    leaving = buffers[9].matrix(rows.length, input.columns());
    leavingAttended = buffers[10].matrix(rows.length, attended.columns());
    kernels.gatherRows(input, rows, rows.length, leaving);
    kernels.gatherRows(attended, rows, rows.length, leavingAttended);
  }

  @Override
  public void close() {
    for (Buffer buffer : buffers) {
      buffer.close();
    }
  }
}
