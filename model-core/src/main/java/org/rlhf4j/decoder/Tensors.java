package org.rlhf4j.decoder;

import java.util.List;
import org.rlhf4j.tensor.Floats;
import org.rlhf4j.tensor.Matrix;

/** The tensors of one flat vector (weights or gradients), by their index in the layout. */
final class Tensors {
  private final Floats vector;
  private final Floats[] floats;
  private final Matrix[] matrices;

  Tensors(ParameterLayout layout, Floats vector) {
    if (vector.length() != layout.size()) {
      throw new IllegalArgumentException(
          "A vector of " + layout.size() + " parameters is needed, but has " + vector.length());
    }
    this.vector = vector;
    List<ParameterLayout.Entry> entries = layout.entries();
    this.floats = new Floats[entries.size()];
    this.matrices = new Matrix[entries.size()];
    for (int i = 0; i < floats.length; i++) {
      ParameterLayout.Entry entry = entries.get(i);
      int[] shape = entry.shape();
      floats[i] = vector.slice(entry.offset(), entry.size());
      int rows = shape.length == 1 ? 1 : shape[0];
      matrices[i] = Matrix.of(floats[i], rows, shape[shape.length - 1]);
    }
  }

  /** Whether these are the tensors of this very vector. */
  boolean isOf(Floats other) {
    return vector == other || vector.isSameMemoryAs(other);
  }

  Floats floats(int parameter) {
    return floats[parameter];
  }

  Matrix matrix(int parameter) {
    return matrices[parameter];
  }
}
