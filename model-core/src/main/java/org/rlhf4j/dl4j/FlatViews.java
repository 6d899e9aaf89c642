package org.rlhf4j.dl4j;

import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.rlhf4j.tensor.Floats;

/** Shares the memory of ND4J's flat vectors, whichever order they are labelled with. */
final class FlatViews {
  private FlatViews() {}

  /**
   * @param vector [N] or [1, N], without gaps
   */
  static Floats of(INDArray vector) {
    // A vector has the same layout in 'c' and 'f' order, but only 'c' is shared.
    INDArray plain =
        Nd4j.create(
            vector.data(), new long[] {vector.length()}, new long[] {1}, vector.offset(), 'c');
    return Floats.of(plain);
  }
}
