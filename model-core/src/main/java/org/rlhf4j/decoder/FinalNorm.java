package org.rlhf4j.decoder;

import org.rlhf4j.tensor.Buffer;
import org.rlhf4j.tensor.Floats;
import org.rlhf4j.tensor.Kernels;
import org.rlhf4j.tensor.Matrix;

/** The last norm, on the K rows of the residual stream that are wanted. */
final class FinalNorm implements AutoCloseable {
  private final Norm norm;
  private final int width;
  private final Buffer inputBuffer;
  private final Buffer outputBuffer;
  private final Buffer statisticsBuffer;
  private final Buffer gradientBuffer;

  private int[] rows;
  private Matrix input;
  private Floats statistics;

  FinalNorm(Kernels kernels, DecoderConfig config, ParameterLayout layout) {
    this.norm = Norm.of(config, layout, config.isGpt2() ? "transformer.ln_f" : "model.norm");
    this.width = config.hiddenSize();
    this.inputBuffer = new Buffer(kernels);
    this.outputBuffer = new Buffer(kernels);
    this.statisticsBuffer = new Buffer(kernels);
    this.gradientBuffer = new Buffer(kernels);
  }

  /** Normalised rows of x, [K, H]. */
  Matrix forward(Pass pass, Matrix x, int[] wanted) {
    rows = wanted;
    input = inputBuffer.matrix(rows.length, width);
    statistics = statisticsBuffer.atLeast((long) rows.length * Norm.STATISTICS);
    Matrix output = outputBuffer.matrix(rows.length, width);
    pass.kernels().gatherRows(x, rows, rows.length, input);
    norm.forward(pass, input, output, statistics);
    return output;
  }

  /** From the gradient of {@link #forward}'s rows, [K, H], to dx, [N, H], set. */
  void backward(Pass pass, Tensors gradients, Matrix dy, Matrix dx) {
    Kernels kernels = pass.kernels();
    Matrix gathered = gradientBuffer.matrix(rows.length, width);
    kernels.clear(gathered);
    norm.backward(pass, gradients, input, statistics, dy, gathered);
    kernels.clear(dx);
    kernels.scatterAddRows(gathered, rows, rows.length, dx);
  }

  @Override
  public void close() {
    inputBuffer.close();
    outputBuffer.close();
    statisticsBuffer.close();
    gradientBuffer.close();
  }
}
