package org.rlhf4j.decoder;

import org.rlhf4j.tensor.Buffer;
import org.rlhf4j.tensor.Floats;
import org.rlhf4j.tensor.Kernels;
import org.rlhf4j.tensor.Matrix;

/** The last norm, on the K rows of the residual stream that leave the last block. */
final class FinalNorm implements AutoCloseable {
  private final Norm norm;
  private final int width;
  private final Buffer outputBuffer;
  private final Buffer statisticsBuffer;

  private Matrix input;
  private Floats statistics;

  FinalNorm(Kernels kernels, DecoderConfig config, ParameterLayout layout) {
    this.norm = Norm.of(config, layout, config.isGpt2() ? "transformer.ln_f" : "model.norm");
    this.width = config.hiddenSize();
    this.outputBuffer = new Buffer(kernels);
    this.statisticsBuffer = new Buffer(kernels);
  }

  /** Normalised rows of x, [K, H]; keeps x for {@link #backward}. */
  Matrix forward(Pass pass, Matrix x) {
    input = x;
    statistics = statisticsBuffer.atLeast((long) x.rows() * Norm.STATISTICS);
    Matrix output = outputBuffer.matrix(x.rows(), width);
    norm.forward(pass, input, output, statistics);
    return output;
  }

  /** From the gradient of {@link #forward}'s rows to dx, set, [K, H] both. */
  void backward(Pass pass, Tensors gradients, Matrix dy, Matrix dx) {
    pass.kernels().clear(dx);
    norm.backward(pass, gradients, input, statistics, dy, dx);
  }

  @Override
  public void close() {
    outputBuffer.close();
    statisticsBuffer.close();
  }
}
