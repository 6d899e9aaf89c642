package org.rlhf4j.tensor;

import org.nd4j.linalg.api.ndarray.INDArray;

/** {@link Rotation} in operations of ND4J: all heads of all rows at once. */
final class Nd4jRotation implements AutoCloseable {
  private final Buffer products = new Buffer(Nd4jFloats::create);

  /**
   * Rotates in place.
   *
   * @param angles cosines and sines of each row, [N, D]; spoilt
   * @param direction 1 rotates, -1 rotates back
   */
  void rotate(Matrix x, int heads, int headSize, Matrix angles, int direction) {
    INDArray cosine = halves(angles, 1, headSize, 0);
    INDArray sine = halves(angles, 1, headSize, headSize / 2);
    sine.muli(direction);
    INDArray a = halves(x, heads, headSize, 0);
    INDArray b = halves(x, heads, headSize, headSize / 2);
    Matrix scratch = products.matrix(x.rows(), heads * headSize);
    INDArray aSine = halves(scratch, heads, headSize, 0);
    INDArray bSine = halves(scratch, heads, headSize, headSize / 2);
    a.mul(sine, aSine);
    b.mul(sine, bSine);
    a.muli(cosine).subi(bSine);
    b.muli(cosine).addi(aSine);
  }

  /** One half of each head, [N, heads, D / 2]. */
  private static INDArray halves(Matrix x, int heads, int headSize, int from) {
    return Nd4jFloats.of(x.values())
        .view(
            (long) x.offset() + from,
            new long[] {x.rows(), heads, headSize / 2},
            new long[] {x.stride(), headSize, 1});
  }

  @Override
  public void close() {
    products.close();
  }
}
