package org.rlhf4j.decoder;

import java.util.Arrays;
import org.rlhf4j.tensor.Addend;
import org.rlhf4j.tensor.Buffer;
import org.rlhf4j.tensor.CrossEntropy;
import org.rlhf4j.tensor.Kernels;
import org.rlhf4j.tensor.Matrix;

/**
 * Log-probabilities of target tokens: final norm, then logits by the vocabulary matrix [V, H].
 *
 * <p>Only rows that predict a target meet the vocabulary matrix. Evaluation sees the logits in
 * chunks of columns and never holds them; training holds them once, and their gradient takes their
 * place.
 */
final class LanguageModelHead implements Head {
  private static final int CHUNK_VALUES = 1 << 23; // 32 MiB of logits
  private static final int CHUNK_COLUMNS = 512; // at least

  private final int table;
  private final int vocabularySize;
  private final FinalNorm norm;
  private final CrossEntropy crossEntropy;
  private final Buffer logitsBuffer;
  private final Buffer gradientBuffer;

  private Matrix normed;
  private Matrix logits;
  private int[] targetTokens;
  private float scale;

  LanguageModelHead(Kernels kernels, DecoderConfig config, ParameterLayout layout) {
    this.table = layout.index(config.tiedEmbeddings() ? config.tokenTable() : "lm_head.weight");
    this.vocabularySize = config.vocabularySize();
    this.norm = new FinalNorm(kernels, config, layout);
    this.crossEntropy = kernels.crossEntropy();
    this.logitsBuffer = new Buffer(kernels);
    this.gradientBuffer = new Buffer(kernels);
  }

  @Override
  public int[] wanted(TokenBatch batch) {
    int[] wanted = batch.targets().clone();
    for (int k = 0; k < wanted.length; k++) {
      if (Arrays.binarySearch(batch.offsets(), wanted[k]) >= 0) {
        throw new IllegalArgumentException(
            "Token " + wanted[k] + " starts its sequence, so nothing predicts it");
      }
      wanted[k]--;
    }
    return wanted;
  }

  @Override
  public void evaluate(Pass pass, TokenBatch batch, Matrix x, double temperature, float[] outputs) {
    int targets = prepare(pass, batch, x, temperature);
    int width = Math.max(CHUNK_COLUMNS, CHUNK_VALUES / Math.max(1, targets) / 64 * 64);
    scan(pass, Math.min(width, vocabularySize), targets);
    crossEntropy.read(outputs, new float[0]);
  }

  @Override
  public void forward(
      Pass pass,
      TokenBatch batch,
      Matrix x,
      double temperature,
      float[] outputs,
      float[] entropies) {
    int targets = prepare(pass, batch, x, temperature);
    logits = scan(pass, vocabularySize, targets);
    crossEntropy.read(outputs, entropies);
  }

  /** Logits of rows of the residual stream, [K, V], not scaled; valid until the next call. */
  Matrix logits(Pass pass, Matrix x) {
    Matrix out = logitsBuffer.matrix(x.rows(), vocabularySize);
    Matrix in = norm.forward(pass, x);
    pass.products().multiplyTransposed(pass.kernels(), in, table, Addend.NONE, out);
    return out;
  }

  private int prepare(Pass pass, TokenBatch batch, Matrix x, double temperature) {
    targetTokens = Arrays.stream(batch.targets()).map(target -> batch.tokens()[target]).toArray();
    scale = (float) (1 / temperature);
    normed = norm.forward(pass, x);
    return targetTokens.length;
  }

  /** Takes in all logits, {@code width} columns at a time; returns the last chunk. */
  private Matrix scan(Pass pass, int width, int targets) {
    Matrix weights = pass.weights().matrix(table);
    Matrix chunk = logitsBuffer.matrix(targets, width);
    crossEntropy.start(targets);
    for (int from = 0; from < vocabularySize; from += width) {
      int count = Math.min(width, vocabularySize - from);
      chunk = logitsBuffer.matrix(targets, count);
      pass.kernels().multiplyTransposed(1f, normed, weights.rows(from, count), 0f, chunk);
      crossEntropy.accumulate(chunk, from, scale, targetTokens);
    }
    return chunk;
  }

  @Override
  public void backward(Pass pass, Tensors gradients, float[] outputGradient, Matrix dx) {
    Kernels kernels = pass.kernels();
    crossEntropy.backward(logits, scale, targetTokens, outputGradient);
    if (gradients.isTrained(table)) {
      kernels.transposedMultiply(1f, logits, normed, 0f, gradients.matrix(table));
    }
    Matrix dNormed = gradientBuffer.matrix(normed.rows(), normed.columns());
    kernels.multiply(1f, logits, pass.weights().matrix(table), 0f, dNormed);
    norm.backward(pass, gradients, dNormed, dx);
  }

  @Override
  public void close() {
    norm.close();
    crossEntropy.close();
    logitsBuffer.close();
    gradientBuffer.close();
  }
}
