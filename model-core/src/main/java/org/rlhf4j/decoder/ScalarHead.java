package org.rlhf4j.decoder;

import org.rlhf4j.tensor.Buffer;
import org.rlhf4j.tensor.Kernels;
import org.rlhf4j.tensor.Matrix;

/** One number per target: final norm, then the product with {@code score.weight} [1, H]. */
final class ScalarHead implements Head {
  private final int weight;
  private final FinalNorm norm;
  private final Buffer outputBuffer;
  private final Buffer gradientBuffer;
  private Matrix normed;

  ScalarHead(Kernels kernels, DecoderConfig config, ParameterLayout layout) {
    this.weight = layout.index(ParameterLayout.SCORE);
    this.norm = new FinalNorm(kernels, config, layout);
    this.outputBuffer = new Buffer(kernels);
    this.gradientBuffer = new Buffer(kernels);
  }

  @Override
  public int[] wanted(TokenBatch batch) {
    return batch.targets();
  }

  @Override
  public void forward(
      Pass pass,
      TokenBatch batch,
      Matrix x,
      double temperature,
      float[] outputs,
      float[] entropies) {
    int targets = batch.targets().length;
    normed = norm.forward(pass, x);
    Matrix scalars = outputBuffer.matrix(targets, 1);
    pass.kernels().multiplyTransposed(1f, normed, pass.weights().matrix(weight), 0f, scalars);
    scalars.values().copyTo(0, outputs, 0, targets);
  }

  @Override
  public void backward(Pass pass, Tensors gradients, float[] outputGradient, Matrix dx) {
    Kernels kernels = pass.kernels();
    Matrix dScalars = outputBuffer.matrix(normed.rows(), 1);
    dScalars.values().copyFrom(outputGradient, 0, 0, normed.rows());
    kernels.transposedMultiply(1f, dScalars, normed, 0f, gradients.matrix(weight));
    Matrix dNormed = gradientBuffer.matrix(normed.rows(), normed.columns());
    kernels.multiply(1f, dScalars, pass.weights().matrix(weight), 0f, dNormed);
    norm.backward(pass, gradients, dNormed, dx);
  }

  @Override
  public void close() {
    norm.close();
    outputBuffer.close();
    gradientBuffer.close();
  }
}
