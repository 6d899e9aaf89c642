package org.rlhf4j.tensor;

import java.nio.ByteBuffer;
import java.util.Arrays;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;

/** Sums in float within blocks of columns, in double over them. */
final class CpuCrossEntropy implements CrossEntropy {
  private static final int BLOCK = 1024; // values summed in float before double

  private final Workers workers;
  private int count;
  private float[] max = new float[0];
  private double[] sum = new double[0];
  private double[] weighted = new double[0];
  private float[] target = new float[0];

  CpuCrossEntropy(Workers workers) {
    this.workers = workers;
  }

  @Override
  public void start(int rows) {
    count = rows;
    if (max.length < rows) {
      max = new float[rows];
      sum = new double[rows];
      weighted = new double[rows];
      target = new float[rows];
    }
    Arrays.fill(max, 0, rows, Float.NEGATIVE_INFINITY);
    Arrays.fill(sum, 0, rows, 0.0);
    Arrays.fill(weighted, 0, rows, 0.0);
  }

  @Override
  public void accumulate(Matrix logits, int first, float scale, int[] targets) {
    CpuKernels.rows(
        workers, logits, (from, to) -> accumulate(logits, first, scale, targets, from, to));
  }

  private void accumulate(Matrix logits, int first, float scale, int[] targets, int from, int to) {
    ByteBuffer values = logits.values().bytes();
    for (int row = from; row < to; row++) {
      int start = logits.start(row);
      int column = targets[row] - first;
      if (column >= 0 && column < logits.columns()) {
        target[row] = Lanes.get(values, start + column) * scale;
      }
      float newMax = Math.max(max[row], Softmax.max(values, start, logits.columns()) * scale);
      if (max[row] != Float.NEGATIVE_INFINITY) {
        double rise = (double) newMax - max[row];
        weighted[row] = (weighted[row] - rise * sum[row]) * Math.exp(-rise);
        sum[row] *= Math.exp(-rise);
      }
      max[row] = newMax;
      for (int c = 0; c < logits.columns(); c += BLOCK) {
        addBlock(values, start + c, Math.min(BLOCK, logits.columns() - c), scale, row);
      }
    }
  }

  private void addBlock(ByteBuffer values, int start, int count, float scale, int row) {
    FloatVector sums = Lanes.zero();
    FloatVector products = Lanes.zero();
    FloatVector shift = FloatVector.broadcast(Lanes.SPECIES, -max[row]);
    FloatVector scales = FloatVector.broadcast(Lanes.SPECIES, scale);
    int bound = Lanes.bound(count);
    int c = 0;
    for (; c < bound; c += Lanes.WIDTH) {
      FloatVector z = Lanes.load(values, start + c).fma(scales, shift);
      FloatVector e = Lanes.exp(z);
      sums = sums.add(e);
      products = z.fma(e, products);
    }
    double s = sums.reduceLanes(VectorOperators.ADD);
    double w = products.reduceLanes(VectorOperators.ADD);
    for (; c < count; c++) {
      double z = (double) Lanes.get(values, start + c) * scale - max[row];
      s += Math.exp(z);
      w += z * Math.exp(z);
    }
    sum[row] += s;
    weighted[row] += w;
  }

  @Override
  public void read(float[] logprobs, float[] entropies) {
    for (int row = 0; row < count; row++) {
      double logSum = Math.log(sum[row]);
      logprobs[row] = (float) ((double) target[row] - max[row] - logSum);
      if (entropies.length > 0) {
        entropies[row] = (float) (logSum - weighted[row] / sum[row]);
      }
    }
  }

  @Override
  public void backward(Matrix logits, float scale, int[] targets, float[] gradient) {
    CpuKernels.rows(
        workers, logits, (from, to) -> backward(logits, scale, targets, gradient, from, to));
  }

  private void backward(
      Matrix logits, float scale, int[] targets, float[] gradient, int from, int to) {
    ByteBuffer values = logits.values().bytes();
    FloatVector scales = FloatVector.broadcast(Lanes.SPECIES, scale);
    int bound = Lanes.bound(logits.columns());
    for (int row = from; row < to; row++) {
      int start = logits.start(row);
      FloatVector shift = FloatVector.broadcast(Lanes.SPECIES, -max[row]);
      float factor = (float) (-gradient[row] * scale / sum[row]);
      int c = 0;
      for (; c < bound; c += Lanes.WIDTH) {
        FloatVector z = Lanes.load(values, start + c).fma(scales, shift);
        Lanes.store(Lanes.exp(z).mul(factor), values, start + c);
      }
      for (; c < logits.columns(); c++) {
        float z = Lanes.get(values, start + c) * scale - max[row];
        Lanes.put(values, start + c, (float) Math.exp(z) * factor);
      }
      int hit = start + targets[row];
      Lanes.put(values, hit, Lanes.get(values, hit) + gradient[row] * scale);
    }
  }

  @Override
  public void close() {
    // Its memory is on the heap.
  }
}
