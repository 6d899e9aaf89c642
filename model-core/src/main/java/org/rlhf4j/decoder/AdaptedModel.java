package org.rlhf4j.decoder;

import java.nio.charset.StandardCharsets;
import org.rlhf4j.tensor.Buffer;
import org.rlhf4j.tensor.Floats;
import org.rlhf4j.tensor.Kernels;
import org.rlhf4j.tensor.Matrix;

/**
 * A frozen model and the low-rank adapters beside it.
 *
 * @param base its weights are read only, and not at all where there are no adapters
 * @param trained all that is trained: the adapters and a scalar head, or, without adapters, all
 *     weights; laid out by {@link ParameterLayout#trained}
 */
public record AdaptedModel(DecoderModel base, Adapters adapters, Floats trained) {
  /**
   * Adapters that change nothing yet, as PEFT draws them: A uniform in +-1 / sqrt(in) (Kaiming with
   * a = sqrt(5)), B zero. Each tensor depends on the seed and its own name only.
   */
  public static AdaptedModel start(DecoderModel base, Adapters adapters, long seed) {
    if (!adapters.exist()) {
      return new AdaptedModel(base, adapters, base.weights());
    }
    ParameterLayout model = base.layout();
    ParameterLayout layout = ParameterLayout.of(base.config(), base.head(), adapters).trained();
    Floats trained = base.weights().kernels().allocate(layout.size());
    for (ParameterLayout.Entry entry : layout.entries()) {
      if (model.contains(entry.name())) {
        long offset = model.entry(entry.name()).offset();
        trained.copyFrom(base.weights().slice(offset, entry.size()), entry.offset());
      } else if (entry.name().endsWith(Adapters.down(""))) {
        fillUniform(entry, seed, trained);
      }
    }
    return new AdaptedModel(base, adapters, trained);
  }

  private static void fillUniform(ParameterLayout.Entry entry, long seed, Floats trained) {
    long key = CounterRandom.key(seed, entry.name().getBytes(StandardCharsets.UTF_8));
    double bound = 1 / Math.sqrt(entry.shape()[1]);
    float[] values = new float[(int) entry.size()];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) (bound * (2 * CounterRandom.uniform(key, i) - 1));
    }
    trained.copyFrom(values, 0, entry.offset(), values.length);
  }

  /** The layout of {@link #trained}. */
  public ParameterLayout layout() {
    return ParameterLayout.of(base.config(), base.head(), adapters).trained();
  }

  /**
   * One model of the same outputs: W + alpha / rank B A in the place of each W. Without adapters it
   * shares the trained weights, else it has new memory.
   */
  public DecoderModel merged() {
    return merged(new Buffer(base.weights().kernels()));
  }

  /**
   * The same in memory of the caller, if any is needed.
   *
   * @param memory not used before; the model lasts as long as it
   */
  public DecoderModel merged(Buffer memory) {
    if (!adapters.exist()) {
      return new DecoderModel(base.config(), base.head(), trained);
    }
    Floats weights = memory.atLeast(base.weights().length());
    weights.copyFrom(base.weights(), 0);
    ParameterLayout from = layout();
    ParameterLayout to = base.layout();
    if (base.head() == DecoderHead.SCALAR) {
      ParameterLayout.Entry head = from.entry(ParameterLayout.SCORE);
      weights.copyFrom(
          trained.slice(head.offset(), head.size()), to.entry(ParameterLayout.SCORE).offset());
    }
    Tensors sources = new Tensors(from, trained);
    Tensors targets = new Tensors(to, weights);
    try (Kernels kernels = weights.kernels().kernels(1)) {
      for (String layer : to.linearLayers()) {
        if (adapters.adapt(layer)) {
          Matrix down = sources.matrix(from.index(Adapters.down(layer)));
          Matrix up = sources.matrix(from.index(Adapters.up(layer)));
          addProduct(kernels, down, up, targets.matrix(to.index(layer + ".weight")));
        }
      }
    }
    return new DecoderModel(base.config(), base.head(), weights);
  }

  private void addProduct(Kernels kernels, Matrix down, Matrix up, Matrix weight) {
    if (base.config().isGpt2()) { // stored [in, out]
      kernels.transposedMultiply(adapters.scale(), down, transposed(up), 1f, weight);
    } else {
      kernels.multiply(adapters.scale(), up, down, 1f, weight);
    }
  }

  private static Matrix transposed(Matrix matrix) {
    float[] row = new float[matrix.columns()];
    float[] turned = new float[matrix.rows() * matrix.columns()];
    for (int r = 0; r < matrix.rows(); r++) {
      matrix.values().copyTo(matrix.start(r), row, 0, row.length);
      for (int c = 0; c < row.length; c++) {
        turned[c * matrix.rows() + r] = row[c];
      }
    }
    Floats values = matrix.values().kernels().allocate(turned.length);
    values.copyFrom(turned, 0, 0, turned.length);
    return Matrix.of(values, matrix.columns(), matrix.rows());
  }
}
