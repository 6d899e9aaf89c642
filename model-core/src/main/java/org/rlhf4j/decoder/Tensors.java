package org.rlhf4j.decoder;

import java.util.List;
import java.util.function.Function;
import org.rlhf4j.tensor.Floats;
import org.rlhf4j.tensor.Kernels;
import org.rlhf4j.tensor.Matrix;

/**
 * The tensors of one flat vector (weights or gradients), by their index in the layout; of two
 * vectors where a part of the weights is frozen.
 */
final class Tensors {
  private final Floats vector;
  private final Floats[] floats;
  private final Matrix[] matrices;
  private final boolean[] trained;

  private Tensors(
      ParameterLayout layout, Floats vector, Function<ParameterLayout.Entry, Floats> frozen) {
    long trainedSize = layout.size() - layout.frozenSize();
    if (vector.length() != trainedSize) {
      throw new IllegalArgumentException(
          "A vector of " + trainedSize + " parameters is needed, but has " + vector.length());
    }
    this.vector = vector;
    List<ParameterLayout.Entry> entries = layout.entries();
    this.floats = new Floats[entries.size()];
    this.matrices = new Matrix[entries.size()];
    this.trained = new boolean[entries.size()];
    for (int i = 0; i < floats.length; i++) {
      ParameterLayout.Entry entry = entries.get(i);
      trained[i] = layout.isTrained(entry);
      floats[i] =
          trained[i]
              ? vector.slice(entry.offset() - layout.frozenSize(), entry.size())
              : frozen.apply(entry);
      if (floats[i].length() == entry.size()) {
        int[] shape = entry.shape();
        int rows = shape.length == 1 ? 1 : shape[0];
        matrices[i] = Matrix.of(floats[i], rows, shape[shape.length - 1]);
      }
    }
  }

  /** Of a model whose weights are all trained. */
  Tensors(ParameterLayout layout, Floats vector) {
    this(layout, vector, entry -> vector);
  }

  /**
   * All weights.
   *
   * @param frozen a model's vector, of which only the frozen part is read
   * @param trained laid out by {@link ParameterLayout#trained}
   */
  static Tensors weights(ParameterLayout layout, Floats frozen, Floats trained) {
    return new Tensors(layout, trained, entry -> frozen.slice(entry.offset(), entry.size()));
  }

  /**
   * Gradients of what is trained. Those of frozen vectors, which the passes give for nothing, share
   * a place that nobody reads; frozen matrices have none.
   */
  static Tensors gradients(Kernels kernels, ParameterLayout layout, Floats trained) {
    long widest =
        layout.entries().stream()
            .filter(entry -> entry.shape().length == 1)
            .mapToLong(ParameterLayout.Entry::size)
            .max()
            .orElse(0);
    Floats unread = kernels.allocate(widest);
    return new Tensors(
        layout, trained, entry -> unread.slice(0, entry.shape().length == 1 ? entry.size() : 0));
  }

  /** Whether these are the tensors of this very vector. */
  boolean isOf(Floats other) {
    return vector == other || vector.isSameMemoryAs(other);
  }

  /** Whether the tensor has a gradient. */
  boolean isTrained(int parameter) {
    return trained[parameter];
  }

  Floats floats(int parameter) {
    return floats[parameter];
  }

  Matrix matrix(int parameter) {
    return matrices[parameter];
  }
}
