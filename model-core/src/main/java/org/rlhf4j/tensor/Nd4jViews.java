package org.rlhf4j.tensor;

import org.nd4j.linalg.api.blas.params.MMulTranspose;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.ops.DynamicCustomOp;
import org.nd4j.linalg.api.ops.impl.reduce.Mmul;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Matrices and vectors as ND4J's arrays, which share their memory, and the few operations of ND4J
 * that its arrays have no method for.
 */
final class Nd4jViews {
  private Nd4jViews() {}

  static boolean isEmpty(Matrix matrix) {
    return matrix.rows() == 0 || matrix.columns() == 0;
  }

  /** [rows, columns]. */
  static INDArray array(Matrix matrix) {
    return Nd4jFloats.of(matrix.values())
        .view(
            matrix.offset(),
            new long[] {matrix.rows(), matrix.columns()},
            new long[] {matrix.stride(), 1});
  }

  /** All elements from the first to the last, with the gaps between rows, [elements]. */
  static INDArray flat(Matrix matrix) {
    long elements = (long) (matrix.rows() - 1) * matrix.stride() + matrix.columns();
    return Nd4jFloats.of(matrix.values()).vector(matrix.offset(), elements);
  }

  /** The first values as a row that spreads over the rows of a matrix, [1, columns]. */
  static INDArray row(Floats values, int columns) {
    return Nd4jFloats.of(values).view(0, new long[] {1, columns}, new long[] {columns, 1});
  }

  /** Values as a column that spreads over the columns of a matrix, [rows, 1]. */
  static INDArray column(Floats values, long from, int rows) {
    return Nd4jFloats.of(values).view(from, new long[] {rows, 1}, new long[] {1, 1});
  }

  /** {@code c = alpha a b + beta c}, transposed where said, for matrices or stacks of them. */
  static void multiply(
      double alpha,
      INDArray a,
      boolean aTransposed,
      INDArray b,
      boolean bTransposed,
      double beta,
      INDArray c) {
    MMulTranspose transposed =
        MMulTranspose.builder().transposeA(aTransposed).transposeB(bTransposed).build();
    // Strided operands and results are passed to BLAS as they are.
    Nd4j.exec(new Mmul(a, b, c, alpha, beta, transposed));
  }

  /** Element or row i of y = element or row {@code indices[i]} of x. */
  static void gather(INDArray x, INDArray indices, INDArray y) {
    Nd4j.exec(
        DynamicCustomOp.builder("gather")
            .addInputs(x, indices)
            .addIntegerArguments(0)
            .addOutputs(y)
            .build());
  }

  /** Element or row {@code indices[i]} of y += element or row i of x, in ascending order of i. */
  static void scatterAdd(INDArray x, INDArray indices, INDArray y) {
    Nd4j.exec(
        DynamicCustomOp.builder("scatter_add")
            .addInputs(y, indices, x)
            .addOutputs(y)
            .addBooleanArguments(true) // one after the other: else equal indices race
            .callInplace(true)
            .build());
  }
}
