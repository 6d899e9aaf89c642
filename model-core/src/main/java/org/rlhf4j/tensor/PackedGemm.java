package org.rlhf4j.tensor;

import java.nio.ByteBuffer;
import jdk.incubator.vector.FloatVector;

/**
 * y += x W for few rows of x and packed weights, as generation needs it.
 *
 * <p>Design: every element of y is one chain of fused multiply-adds in the order of the inputs,
 * whatever tile computes it. So a row's result is bitwise independent of the rows beside it and of
 * the threads, which a BLAS does not promise; and since nothing is repacked it is faster than one
 * for up to some hundred rows. A tile keeps its sums in registers: 6 rows by 2 vectors where there
 * are 32 vector registers, 4 by 2 elsewhere; twice the rows would not be faster, and the compiler
 * gives up on so large a method where accesses are bounds-checked. The tiles are written out since
 * the compiler keeps only local variables in registers.
 */
final class PackedGemm {
  private static final int WIDTH = Lanes.WIDTH;
  private static final int PANEL = PanelMatrix.PANEL;
  private static final int BLOCK = 120; // rows of x that stay in the second-level cache
  private static final int PIECES_PER_THREAD = 4; // so that a slowed thread holds up little
  private static final boolean MANY_REGISTERS = WIDTH >= 16;

  private final Workers workers;
  private float[] block = new float[0]; // [BLOCK, inputs]

  PackedGemm(Workers workers) {
    this.workers = workers;
  }

  /** See {@link Kernels#multiplyPacked}. */
  void multiply(Matrix x, PanelMatrix w, Matrix y) {
    if (x.columns() != w.inputs() || y.columns() != w.outputs() || x.rows() != y.rows()) {
      throw new IllegalArgumentException("Shapes do not fit: " + x + ", " + y);
    }
    int pieces = Math.min(w.panels(), workers.count() * PIECES_PER_THREAD);
    for (int from = 0; from < x.rows(); from += BLOCK) {
      int rows = Math.min(BLOCK, x.rows() - from);
      copyBlock(x, from, rows);
      Matrix out = y.rows(from, rows);
      workers.run(
          workers.count() == 1 ? 1 : pieces,
          piece -> {
            int count = workers.count() == 1 ? 1 : pieces;
            int first = (int) ((long) w.panels() * piece / count);
            int last = (int) ((long) w.panels() * (piece + 1) / count);
            for (int panel = first; panel < last; panel++) {
              multiplyPanel(w, panel, out);
            }
          });
    }
  }

  private void copyBlock(Matrix x, int from, int rows) {
    if (block.length < rows * x.columns()) {
      block = new float[rows * x.columns()];
    }
    for (int row = 0; row < rows; row++) {
      x.values().copyTo(x.start(from + row), block, row * x.columns(), x.columns());
    }
  }

  private void multiplyPanel(PanelMatrix w, int panel, Matrix y) {
    int column = panel * PANEL;
    if (column + PANEL <= w.outputs()) {
      tiles(w, panel, y.rows(), y.values().bytes(), y.offset() + column, y.stride());
      return;
    }
    Edge edge = EDGES.get().of(y.rows());
    int width = w.outputs() - column;
    for (int row = 0; row < y.rows(); row++) {
      Elementwise.copyRange(
          y.values().bytes(), y.start(row) + column, edge.bytes, row * PANEL, width);
    }
    tiles(w, panel, y.rows(), edge.bytes, 0, PANEL);
    for (int row = 0; row < y.rows(); row++) {
      Elementwise.copyRange(
          edge.bytes, row * PANEL, y.values().bytes(), y.start(row) + column, width);
    }
  }

  private static final ThreadLocal<Edge> EDGES = ThreadLocal.withInitial(Edge::new);

  /** A full panel of results where y has only part of one. */
  private static final class Edge {
    private final Floats values = Floats.allocate((long) BLOCK * PANEL);
    private final ByteBuffer bytes = values.bytes();

    Edge of(int rows) {
      Elementwise.fillRange(bytes, 0, rows * PANEL, 0f);
      return this;
    }
  }

  private void tiles(PanelMatrix w, int panel, int rows, ByteBuffer y, int out, int stride) {
    int inputs = w.inputs();
    ByteBuffer values = w.bytes();
    int start = w.start(panel);
    int row = 0;
    for (; MANY_REGISTERS && row + 6 <= rows; row += 6) {
      tile6(block, row * inputs, inputs, values, start, y, out + row * stride, stride);
    }
    for (; row + 4 <= rows; row += 4) {
      tile4(block, row * inputs, inputs, values, start, y, out + row * stride, stride);
    }
    for (; row < rows; row++) {
      tile1(block, row * inputs, inputs, values, start, y, out + row * stride);
    }
  }

  private static void tile6(
      float[] x, int row, int inputs, ByteBuffer w, int panel, ByteBuffer y, int out, int stride) {
    FloatVector a0 = Lanes.load(y, out);
    FloatVector b0 = Lanes.load(y, out + WIDTH);
    FloatVector a1 = Lanes.load(y, out + stride);
    FloatVector b1 = Lanes.load(y, out + stride + WIDTH);
    FloatVector a2 = Lanes.load(y, out + 2 * stride);
    FloatVector b2 = Lanes.load(y, out + 2 * stride + WIDTH);
    FloatVector a3 = Lanes.load(y, out + 3 * stride);
    FloatVector b3 = Lanes.load(y, out + 3 * stride + WIDTH);
    FloatVector a4 = Lanes.load(y, out + 4 * stride);
    FloatVector b4 = Lanes.load(y, out + 4 * stride + WIDTH);
    FloatVector a5 = Lanes.load(y, out + 5 * stride);
    FloatVector b5 = Lanes.load(y, out + 5 * stride + WIDTH);
    for (int k = 0; k < inputs; k++) {
      FloatVector w0 = Lanes.load(w, panel + k * PANEL);
      FloatVector w1 = Lanes.load(w, panel + k * PANEL + WIDTH);
      FloatVector x0 = FloatVector.broadcast(Lanes.SPECIES, x[row + k]);
      a0 = x0.fma(w0, a0);
      b0 = x0.fma(w1, b0);
      FloatVector x1 = FloatVector.broadcast(Lanes.SPECIES, x[row + inputs + k]);
      a1 = x1.fma(w0, a1);
      b1 = x1.fma(w1, b1);
      FloatVector x2 = FloatVector.broadcast(Lanes.SPECIES, x[row + 2 * inputs + k]);
      a2 = x2.fma(w0, a2);
      b2 = x2.fma(w1, b2);
      FloatVector x3 = FloatVector.broadcast(Lanes.SPECIES, x[row + 3 * inputs + k]);
      a3 = x3.fma(w0, a3);
      b3 = x3.fma(w1, b3);
      FloatVector x4 = FloatVector.broadcast(Lanes.SPECIES, x[row + 4 * inputs + k]);
      a4 = x4.fma(w0, a4);
      b4 = x4.fma(w1, b4);
      FloatVector x5 = FloatVector.broadcast(Lanes.SPECIES, x[row + 5 * inputs + k]);
      a5 = x5.fma(w0, a5);
      b5 = x5.fma(w1, b5);
    }
    Lanes.store(a0, y, out);
    Lanes.store(b0, y, out + WIDTH);
    Lanes.store(a1, y, out + stride);
    Lanes.store(b1, y, out + stride + WIDTH);
    Lanes.store(a2, y, out + 2 * stride);
    Lanes.store(b2, y, out + 2 * stride + WIDTH);
    Lanes.store(a3, y, out + 3 * stride);
    Lanes.store(b3, y, out + 3 * stride + WIDTH);
    Lanes.store(a4, y, out + 4 * stride);
    Lanes.store(b4, y, out + 4 * stride + WIDTH);
    Lanes.store(a5, y, out + 5 * stride);
    Lanes.store(b5, y, out + 5 * stride + WIDTH);
  }

  private static void tile4(
      float[] x, int row, int inputs, ByteBuffer w, int panel, ByteBuffer y, int out, int stride) {
    FloatVector a0 = Lanes.load(y, out);
    FloatVector b0 = Lanes.load(y, out + WIDTH);
    FloatVector a1 = Lanes.load(y, out + stride);
    FloatVector b1 = Lanes.load(y, out + stride + WIDTH);
    FloatVector a2 = Lanes.load(y, out + 2 * stride);
    FloatVector b2 = Lanes.load(y, out + 2 * stride + WIDTH);
    FloatVector a3 = Lanes.load(y, out + 3 * stride);
    FloatVector b3 = Lanes.load(y, out + 3 * stride + WIDTH);
    for (int k = 0; k < inputs; k++) {
      FloatVector w0 = Lanes.load(w, panel + k * PANEL);
      FloatVector w1 = Lanes.load(w, panel + k * PANEL + WIDTH);
      FloatVector x0 = FloatVector.broadcast(Lanes.SPECIES, x[row + k]);
      a0 = x0.fma(w0, a0);
      b0 = x0.fma(w1, b0);
      FloatVector x1 = FloatVector.broadcast(Lanes.SPECIES, x[row + inputs + k]);
      a1 = x1.fma(w0, a1);
      b1 = x1.fma(w1, b1);
      FloatVector x2 = FloatVector.broadcast(Lanes.SPECIES, x[row + 2 * inputs + k]);
      a2 = x2.fma(w0, a2);
      b2 = x2.fma(w1, b2);
      FloatVector x3 = FloatVector.broadcast(Lanes.SPECIES, x[row + 3 * inputs + k]);
      a3 = x3.fma(w0, a3);
      b3 = x3.fma(w1, b3);
    }
    Lanes.store(a0, y, out);
    Lanes.store(b0, y, out + WIDTH);
    Lanes.store(a1, y, out + stride);
    Lanes.store(b1, y, out + stride + WIDTH);
    Lanes.store(a2, y, out + 2 * stride);
    Lanes.store(b2, y, out + 2 * stride + WIDTH);
    Lanes.store(a3, y, out + 3 * stride);
    Lanes.store(b3, y, out + 3 * stride + WIDTH);
  }

  private static void tile1(
      float[] x, int row, int inputs, ByteBuffer w, int panel, ByteBuffer y, int out) {
    FloatVector a0 = Lanes.load(y, out);
    FloatVector b0 = Lanes.load(y, out + WIDTH);
    for (int k = 0; k < inputs; k++) {
      FloatVector w0 = Lanes.load(w, panel + k * PANEL);
      FloatVector w1 = Lanes.load(w, panel + k * PANEL + WIDTH);
      FloatVector x0 = FloatVector.broadcast(Lanes.SPECIES, x[row + k]);
      a0 = x0.fma(w0, a0);
      b0 = x0.fma(w1, b0);
    }
    Lanes.store(a0, y, out);
    Lanes.store(b0, y, out + WIDTH);
  }
}
