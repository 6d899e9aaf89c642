package org.rlhf4j.tensor;

import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.ops.DynamicCustomOp;
import org.nd4j.linalg.api.ops.impl.reduce.same.Max;
import org.nd4j.linalg.api.ops.impl.transforms.strict.Exp;
import org.nd4j.linalg.api.ops.impl.transforms.strict.Log;
import org.nd4j.linalg.factory.Nd4j;

/** Keeps its sums in ND4J's memory; the host sees only what {@link #read} fetches. */
final class Nd4jCrossEntropy implements CrossEntropy {
  private static final int PART_VALUES = 1 << 22; // of the logits, worked on at a time
  private static final int PART_COLUMNS = 512; // at least
  private static final double NO_MAXIMUM = -1e30; // below all logits, and finite

  // Columns of the state.
  private static final int MAX = 0;
  private static final int SUM = 1;
  private static final int WEIGHTED = 2;
  private static final int TARGET = 3;
  private static final int FIRST_SCRATCH = 4;
  private static final int SECOND_SCRATCH = 5;
  private static final int COLUMNS = 6;

  private final Buffer state = new Buffer(Nd4jFloats::create);
  private final Buffer shifted = new Buffer(Nd4jFloats::create);
  private final Buffer exponentials = new Buffer(Nd4jFloats::create);
  private int rows;

  /** One number per row, [rows, 1]. */
  private INDArray column(int column) {
    Floats all = state.atLeast((long) COLUMNS * rows);
    return Nd4jViews.column(all, (long) column * rows, rows);
  }

  @Override
  public void start(int count) {
    rows = count;
    if (rows == 0) {
      return;
    }
    column(MAX).assign(NO_MAXIMUM);
    column(SUM).assign(0);
    column(WEIGHTED).assign(0);
    column(TARGET).assign(0);
  }

  @Override
  public void accumulate(Matrix logits, int first, float scale, int[] targets) {
    if (rows == 0) {
      return;
    }
    takeTargets(logits, first, scale, targets);
    int width = Math.max(PART_COLUMNS, PART_VALUES / rows);
    for (int from = 0; from < logits.columns(); from += width) {
      add(logits.columns(from, Math.min(width, logits.columns() - from)), scale);
    }
  }

  /** Targets outside the chunk count nothing; the host only works out places. */
  private void takeTargets(Matrix logits, int first, float scale, int[] targets) {
    float[] factors = new float[rows];
    for (int row = 0; row < rows; row++) {
      int column = targets[row] - first;
      factors[row] = column >= 0 && column < logits.columns() ? scale : 0;
    }
    INDArray values = column(FIRST_SCRATCH);
    Nd4jViews.gather(Nd4jViews.flat(logits), places(logits, first, targets), values.reshape(rows));
    values.muli(Nd4j.createFromArray(factors).reshape(rows, 1));
    column(TARGET).addi(values);
  }

  /** Of each row's target, clamped into the chunk, in its flat view, [rows]. */
  private INDArray places(Matrix logits, int first, int[] targets) {
    long[] places = new long[rows];
    for (int row = 0; row < rows; row++) {
      int column = Math.min(Math.max(targets[row] - first, 0), logits.columns() - 1);
      places[row] = (long) row * logits.stride() + column;
    }
    return Nd4j.createFromArray(places);
  }

  private void add(Matrix part, float scale) {
    INDArray logits = Nd4jViews.array(part);
    INDArray z = Nd4jViews.array(shifted.matrix(part.rows(), part.columns()));
    INDArray e = Nd4jViews.array(exponentials.matrix(part.rows(), part.columns()));
    logits.mul(scale, z);
    raiseMaximum(z);
    z.subi(column(MAX));
    Nd4j.exec(new Exp(z, e));
    INDArray sums = column(FIRST_SCRATCH);
    e.sum(sums, true, 1);
    column(SUM).addi(sums);
    z.muli(e);
    z.sum(sums, true, 1);
    column(WEIGHTED).addi(sums);
  }

  private void raiseMaximum(INDArray z) {
    INDArray max = column(MAX);
    INDArray sum = column(SUM);
    INDArray weighted = column(WEIGHTED);
    INDArray rise = column(FIRST_SCRATCH);
    INDArray product = column(SECOND_SCRATCH);
    Nd4j.exec(new Max(z, null, product, true, new int[] {1}));
    Nd4j.exec(
        DynamicCustomOp.builder("maximum").addInputs(max, product).addOutputs(product).build());
    product.sub(max, rise);
    max.assign(product);
    rise.mul(sum, product);
    weighted.subi(product);
    rise.negi();
    Nd4j.exec(new Exp(rise, rise));
    weighted.muli(rise);
    sum.muli(rise);
  }

  @Override
  public void read(float[] logprobs, float[] entropies) {
    if (rows == 0) {
      return;
    }
    INDArray logSum = column(FIRST_SCRATCH);
    INDArray result = column(SECOND_SCRATCH);
    Nd4j.exec(new Log(column(SUM), logSum));
    column(TARGET).sub(column(MAX), result);
    result.subi(logSum);
    fetch(SECOND_SCRATCH, logprobs);
    if (entropies.length > 0) {
      column(WEIGHTED).div(column(SUM), result);
      result.rsubi(logSum);
      fetch(SECOND_SCRATCH, entropies);
    }
  }

  private void fetch(int column, float[] target) {
    state.atLeast(0).copyTo((long) column * rows, target, 0, rows);
  }

  @Override
  public void backward(Matrix logits, float scale, int[] targets, float[] gradient) {
    if (rows == 0) {
      return;
    }
    INDArray z = Nd4jViews.array(logits);
    z.muli(scale).subi(column(MAX));
    Nd4j.exec(new Exp(z, z));
    INDArray gradients = column(FIRST_SCRATCH);
    INDArray factors = column(SECOND_SCRATCH);
    state.atLeast(0).copyFrom(gradient, 0, (long) FIRST_SCRATCH * rows, rows);
    gradients.muli(scale);
    gradients.div(column(SUM), factors);
    z.muli(factors.negi());
    Nd4jViews.scatterAdd(
        gradients.reshape(rows), places(logits, 0, targets), Nd4jViews.flat(logits));
  }

  @Override
  public void close() {
    state.close();
    shifted.close();
    exponentials.close();
  }
}
