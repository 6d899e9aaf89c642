package org.rlhf4j.dl4j;

import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.ops.impl.transforms.floating.Sqrt;
import org.nd4j.linalg.api.ops.impl.transforms.pairwise.arithmetic.Axpy;
import org.nd4j.linalg.factory.Nd4j;
import org.rlhf4j.tensor.KernelSet;

/**
 * Passes over whole parameter vectors of a network, where they lie: {@link VectorMath} in the
 * processor's memory, else ND4J's operations, in place and without scratch memory.
 */
final class FlatMath {
  private static final long ROW = 256; // values summed in float before they are added in double

  private FlatMath() {}

  private static boolean isHere() {
    return KernelSet.current() == KernelSet.CPU;
  }

  /** Sum of squares, accumulated in double over parts. */
  static double sumOfSquares(INDArray vector) {
    if (isHere()) {
      return VectorMath.sumOfSquares(FlatViews.of(vector));
    }
    long rows = vector.length() / ROW;
    double sum = 0;
    if (rows > 0) {
      sum = sumOfSquaredNorms(view(vector, 0, rows, ROW));
    }
    long rest = vector.length() - rows * ROW;
    return rest == 0 ? sum : sum + sumOfSquaredNorms(view(vector, rows * ROW, 1, rest));
  }

  private static double sumOfSquaredNorms(INDArray rows) {
    double sum = 0;
    for (double norm : rows.norm2(1).toDoubleVector()) {
      sum += norm * norm;
    }
    return sum;
  }

  /** {@code y += a x} for the elements [offset, offset + length). */
  static void addScaled(INDArray x, double a, INDArray y, long offset, long length) {
    if (isHere()) {
      VectorMath.addScaled(
          FlatViews.of(x).slice(offset, length), a, FlatViews.of(y).slice(offset, length));
      return;
    }
    addScaled(view(x, offset, 1, length), a, view(y, offset, 1, length));
  }

  private static void addScaled(INDArray x, double a, INDArray y) {
    Nd4j.exec(new Axpy(x, y, y, a));
  }

  /** See {@link VectorMath#adam}. */
  static void adam(
      INDArray gradient,
      INDArray first,
      INDArray second,
      double beta1,
      double beta2,
      double rate,
      double epsilon) {
    if (isHere()) {
      VectorMath.adam(
          FlatViews.of(gradient),
          FlatViews.of(first),
          FlatViews.of(second),
          beta1,
          beta2,
          rate,
          epsilon);
      return;
    }
    INDArray g = view(gradient, 0, 1, gradient.length());
    INDArray m = view(first, 0, 1, first.length());
    INDArray v = view(second, 0, 1, second.length());
    m.muli(beta1);
    addScaled(g, 1 - beta1, m);
    v.muli(beta2);
    g.muli(g);
    addScaled(g, 1 - beta2, v);
    Nd4j.exec(new Sqrt(v, g));
    g.addi(epsilon).rdivi(m).muli(rate);
  }

  /** Part of a vector as a matrix without gaps; offsets count from the buffer's start. */
  private static INDArray view(INDArray vector, long offset, long rows, long columns) {
    return Nd4j.create(
        vector.data(),
        new long[] {rows, columns},
        new long[] {columns, 1},
        vector.offset() + offset,
        'c');
  }
}
