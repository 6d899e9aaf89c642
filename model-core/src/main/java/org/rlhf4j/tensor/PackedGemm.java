package org.rlhf4j.tensor;

import java.nio.ByteBuffer;
import jdk.incubator.vector.FloatVector;

/**
 * y += x W for few rows of x and packed weights, as generation needs it.
 *
 * <p>Design: every element of y is one chain of fused multiply-adds in the order of the inputs,
 * whatever tile computes it. So a row's result is bitwise independent of the rows beside it and of
 * the threads, which a BLAS does not promise. A tile keeps its sums in registers: 12 rows by 2
 * vectors where there are 32 vector registers, 4 by 2 elsewhere. Large tiles read a copy of their
 * panel inside the heap: the copy is small beside the work, and the compiler makes twice as fast
 * code for arrays as for buffers. The tiles are written out since the compiler keeps only local
 * variables in registers.
 */
final class PackedGemm {
  private static final int WIDTH = Lanes.WIDTH;
  private static final int PANEL = PanelMatrix.PANEL;
  private static final int TILE = 12; // rows
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
    int large = MANY_REGISTERS ? y.rows() / TILE * TILE : 0;
    if (large > 0) {
      multiplyLarge(w, panel, y.rows(0, large));
    }
    if (large < y.rows()) {
      multiplySmall(w, panel, large, y.rows(large, y.rows() - large));
    }
  }

  /** For a multiple of 12 rows, those from the first of the block on. */
  private void multiplyLarge(PanelMatrix w, int panel, Matrix y) {
    int inputs = w.inputs();
    int column = panel * PANEL;
    int width = Math.min(PANEL, w.outputs() - column);
    Scratch scratch = SCRATCH.get().of(inputs * PANEL);
    w.copyPanel(panel, scratch.panel);
    ByteBuffer values = y.values().bytes();
    for (int row = 0; row < y.rows(); row += TILE) {
      for (int i = 0; i < TILE; i++) {
        Lanes.copy(values, y.start(row + i) + column, scratch.sums, i * PANEL, width);
      }
      tile12(block, row * inputs, inputs, scratch.panel, scratch.sums);
      for (int i = 0; i < TILE; i++) {
        Lanes.copy(scratch.sums, i * PANEL, values, y.start(row + i) + column, width);
      }
    }
  }

  private static final ThreadLocal<Scratch> SCRATCH = ThreadLocal.withInitial(Scratch::new);

  /** Memory of a thread inside the heap. */
  private static final class Scratch {
    private float[] panel = new float[0];
    private final float[] sums = new float[TILE * PANEL];

    Scratch of(int length) {
      if (panel.length < length) {
        panel = new float[length];
      }
      return this;
    }
  }

  private void multiplySmall(PanelMatrix w, int panel, int firstRow, Matrix y) {
    int column = panel * PANEL;
    if (column + PANEL <= w.outputs()) {
      tiles(w, panel, firstRow, y.rows(), y.values().bytes(), y.offset() + column, y.stride());
      return;
    }
    Edge edge = EDGES.get().of(y.rows());
    int width = w.outputs() - column;
    for (int row = 0; row < y.rows(); row++) {
      Elementwise.copyRange(
          y.values().bytes(), y.start(row) + column, edge.bytes, row * PANEL, width);
    }
    tiles(w, panel, firstRow, y.rows(), edge.bytes, 0, PANEL);
    for (int row = 0; row < y.rows(); row++) {
      Elementwise.copyRange(
          edge.bytes, row * PANEL, y.values().bytes(), y.start(row) + column, width);
    }
  }

  private static final ThreadLocal<Edge> EDGES = ThreadLocal.withInitial(Edge::new);

  /** A full panel of results where y has only part of one. */
  private static final class Edge {
    private final HostFloats values = HostFloats.create((long) BLOCK * PANEL);
    private final ByteBuffer bytes = values.bytes();

    Edge of(int rows) {
      Elementwise.fillRange(bytes, 0, rows * PANEL, 0f);
      return this;
    }
  }

  private void tiles(
      PanelMatrix w, int panel, int firstRow, int rows, ByteBuffer y, int out, int stride) {
    int inputs = w.inputs();
    ByteBuffer values = w.bytes();
    int start = w.start(panel);
    int x = firstRow * inputs;
    int row = 0;
    for (; row + 4 <= rows; row += 4) {
      tile4(block, x + row * inputs, inputs, values, start, y, out + row * stride, stride);
    }
    for (; row < rows; row++) {
      tile1(block, x + row * inputs, inputs, values, start, y, out + row * stride);
    }
  }

  private static void tile12(float[] x, int row, int inputs, float[] panel, float[] sums) {
    FloatVector a0 = FloatVector.fromArray(Lanes.SPECIES, sums, 0 * WIDTH);
    FloatVector b0 = FloatVector.fromArray(Lanes.SPECIES, sums, 1 * WIDTH);
    FloatVector a1 = FloatVector.fromArray(Lanes.SPECIES, sums, 2 * WIDTH);
    FloatVector b1 = FloatVector.fromArray(Lanes.SPECIES, sums, 3 * WIDTH);
    FloatVector a2 = FloatVector.fromArray(Lanes.SPECIES, sums, 4 * WIDTH);
    FloatVector b2 = FloatVector.fromArray(Lanes.SPECIES, sums, 5 * WIDTH);
    FloatVector a3 = FloatVector.fromArray(Lanes.SPECIES, sums, 6 * WIDTH);
    FloatVector b3 = FloatVector.fromArray(Lanes.SPECIES, sums, 7 * WIDTH);
    FloatVector a4 = FloatVector.fromArray(Lanes.SPECIES, sums, 8 * WIDTH);
    FloatVector b4 = FloatVector.fromArray(Lanes.SPECIES, sums, 9 * WIDTH);
    FloatVector a5 = FloatVector.fromArray(Lanes.SPECIES, sums, 10 * WIDTH);
    FloatVector b5 = FloatVector.fromArray(Lanes.SPECIES, sums, 11 * WIDTH);
    FloatVector a6 = FloatVector.fromArray(Lanes.SPECIES, sums, 12 * WIDTH);
    FloatVector b6 = FloatVector.fromArray(Lanes.SPECIES, sums, 13 * WIDTH);
    FloatVector a7 = FloatVector.fromArray(Lanes.SPECIES, sums, 14 * WIDTH);
    FloatVector b7 = FloatVector.fromArray(Lanes.SPECIES, sums, 15 * WIDTH);
    FloatVector a8 = FloatVector.fromArray(Lanes.SPECIES, sums, 16 * WIDTH);
    FloatVector b8 = FloatVector.fromArray(Lanes.SPECIES, sums, 17 * WIDTH);
    FloatVector a9 = FloatVector.fromArray(Lanes.SPECIES, sums, 18 * WIDTH);
    FloatVector b9 = FloatVector.fromArray(Lanes.SPECIES, sums, 19 * WIDTH);
    FloatVector a10 = FloatVector.fromArray(Lanes.SPECIES, sums, 20 * WIDTH);
    FloatVector b10 = FloatVector.fromArray(Lanes.SPECIES, sums, 21 * WIDTH);
    FloatVector a11 = FloatVector.fromArray(Lanes.SPECIES, sums, 22 * WIDTH);
    FloatVector b11 = FloatVector.fromArray(Lanes.SPECIES, sums, 23 * WIDTH);
    for (int k = 0; k < inputs; k++) {
      FloatVector w0 = FloatVector.fromArray(Lanes.SPECIES, panel, k * PANEL);
      FloatVector w1 = FloatVector.fromArray(Lanes.SPECIES, panel, k * PANEL + WIDTH);
      FloatVector x0 = FloatVector.broadcast(Lanes.SPECIES, x[row + 0 * inputs + k]);
      a0 = x0.fma(w0, a0);
      b0 = x0.fma(w1, b0);
      FloatVector x1 = FloatVector.broadcast(Lanes.SPECIES, x[row + 1 * inputs + k]);
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
      FloatVector x6 = FloatVector.broadcast(Lanes.SPECIES, x[row + 6 * inputs + k]);
      a6 = x6.fma(w0, a6);
      b6 = x6.fma(w1, b6);
      FloatVector x7 = FloatVector.broadcast(Lanes.SPECIES, x[row + 7 * inputs + k]);
      a7 = x7.fma(w0, a7);
      b7 = x7.fma(w1, b7);
      FloatVector x8 = FloatVector.broadcast(Lanes.SPECIES, x[row + 8 * inputs + k]);
      a8 = x8.fma(w0, a8);
      b8 = x8.fma(w1, b8);
      FloatVector x9 = FloatVector.broadcast(Lanes.SPECIES, x[row + 9 * inputs + k]);
      a9 = x9.fma(w0, a9);
      b9 = x9.fma(w1, b9);
      FloatVector x10 = FloatVector.broadcast(Lanes.SPECIES, x[row + 10 * inputs + k]);
      a10 = x10.fma(w0, a10);
      b10 = x10.fma(w1, b10);
      FloatVector x11 = FloatVector.broadcast(Lanes.SPECIES, x[row + 11 * inputs + k]);
      a11 = x11.fma(w0, a11);
      b11 = x11.fma(w1, b11);
    }
    a0.intoArray(sums, 0 * WIDTH);
    b0.intoArray(sums, 1 * WIDTH);
    a1.intoArray(sums, 2 * WIDTH);
    b1.intoArray(sums, 3 * WIDTH);
    a2.intoArray(sums, 4 * WIDTH);
    b2.intoArray(sums, 5 * WIDTH);
    a3.intoArray(sums, 6 * WIDTH);
    b3.intoArray(sums, 7 * WIDTH);
    a4.intoArray(sums, 8 * WIDTH);
    b4.intoArray(sums, 9 * WIDTH);
    a5.intoArray(sums, 10 * WIDTH);
    b5.intoArray(sums, 11 * WIDTH);
    a6.intoArray(sums, 12 * WIDTH);
    b6.intoArray(sums, 13 * WIDTH);
    a7.intoArray(sums, 14 * WIDTH);
    b7.intoArray(sums, 15 * WIDTH);
    a8.intoArray(sums, 16 * WIDTH);
    b8.intoArray(sums, 17 * WIDTH);
    a9.intoArray(sums, 18 * WIDTH);
    b9.intoArray(sums, 19 * WIDTH);
    a10.intoArray(sums, 20 * WIDTH);
    b10.intoArray(sums, 21 * WIDTH);
    a11.intoArray(sums, 22 * WIDTH);
    b11.intoArray(sums, 23 * WIDTH);
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
