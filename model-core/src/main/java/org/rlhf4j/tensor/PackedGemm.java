package org.rlhf4j.tensor;

import java.nio.ByteBuffer;
import java.util.Arrays;
import jdk.incubator.vector.FloatVector;

/**
 * y = addend + x W for packed weights, as generation needs it.
 *
 * <p>Design: every element of y is one chain of fused multiply-adds in the order of the inputs,
 * whatever tile computes it. So a row's result is bitwise independent of the rows beside it and of
 * the threads, which a BLAS does not promise. A tile keeps its sums in registers: 12 rows by 2
 * vectors where there are 32 vector registers, 4 by 2 elsewhere. All tiles of some inputs are done
 * before the next inputs, so that these weights stay in the first-level cache. Meanwhile the large
 * tiles read a little of the weights that come next: Java has no instruction to prefetch, and
 * without this a third of the time is spent waiting for them. Everything a tile touches is inside
 * the heap: the compiler makes twice as fast code for arrays as for buffers. The tiles are written
 * out since it keeps only local variables in registers.
 *
 * <p>Many rows are shared out to the threads in blocks, so that each reads what it has copied; few
 * rows are one block, whose outputs are shared out.
 */
final class PackedGemm {
  private static final int WIDTH = Lanes.WIDTH;
  private static final int PANEL = PanelMatrix.PANEL;
  private static final int TILE = WIDTH >= 16 ? 12 : 4; // rows
  private static final int BLOCK = 120; // rows of x that stay in the second-level cache
  private static final int INPUTS = 128; // of a panel, that stay in the first-level cache
  private static final int CHUNK = 128; // inputs that are interleaved at a time
  private static final int GROUP = 8; // panels whose results are written side by side
  private static final int PIECES_PER_THREAD = 4; // so that a slowed thread holds up little

  private final Workers workers;
  private float[] shared = new float[0]; // rows of x, as tiles read them

  PackedGemm(Workers workers) {
    this.workers = workers;
  }

  /** y = addend + x W; y may be the addend's rows. */
  void multiply(Matrix x, PanelMatrix w, Addend addend, Matrix y) {
    if (x.columns() != w.inputs() || y.columns() != w.outputs() || x.rows() != y.rows()) {
      throw new IllegalArgumentException("Shapes do not fit: " + x + ", " + y);
    }
    int blocks = (x.rows() + BLOCK - 1) / BLOCK;
    int alone = blocks / workers.count() * workers.count();
    workers.run(alone, block -> multiplyBlock(x, w, addend, y, block * BLOCK));
    for (int block = alone; block < blocks; block++) {
      multiplyTogether(x, w, addend, y, block * BLOCK);
    }
  }

  /** All outputs of some rows, by the calling thread. */
  private static void multiplyBlock(Matrix x, PanelMatrix w, Addend addend, Matrix y, int from) {
    Scratch scratch = SCRATCH.get();
    Matrix rows = x.rows(from, Math.min(BLOCK, x.rows() - from));
    scratch.block = atLeast(scratch.block, rows);
    copyTiles(rows, 0, rows.rows(), scratch.block);
    Product product = new Product(scratch.block, w, addend, y, from, rows.rows());
    product.run(0, w.panels());
  }

  /** All outputs of some rows, by all threads. */
  private void multiplyTogether(Matrix x, PanelMatrix w, Addend addend, Matrix y, int from) {
    Matrix rows = x.rows(from, Math.min(BLOCK, x.rows() - from));
    shared = atLeast(shared, rows);
    int grain = Math.max(1, CpuKernels.grain(x.columns()) / TILE) * TILE;
    workers.ranges(rows.rows(), grain, (first, last) -> copyTiles(rows, first, last, shared));
    Product product = new Product(shared, w, addend, y, from, rows.rows());
    int pieces = Math.min(w.panels(), workers.count() * PIECES_PER_THREAD);
    workers.run(
        pieces,
        piece ->
            product.run(
                (int) ((long) w.panels() * piece / pieces),
                (int) ((long) w.panels() * (piece + 1) / pieces)));
  }

  private static float[] atLeast(float[] memory, Matrix x) {
    int size = x.rows() * x.columns();
    return memory.length < size ? new float[size] : memory;
  }

  /** Copies x so that a tile reads it in one stream, [tiles, inputs, rows of the tile]. */
  private static void copyTiles(Matrix x, int from, int to, float[] block) {
    float[] values = SCRATCH.get().rows;
    for (int row = from; row < to; row += tile(row, x.rows())) {
      copyTile(x.rows(row, tile(row, x.rows())), values, block, row * x.columns());
    }
  }

  /**
   * Copies the rows of one tile.
   *
   * @param values memory, [TILE, CHUNK]
   */
  private static void copyTile(Matrix x, float[] values, float[] target, int start) {
    for (int from = 0; from < x.columns(); from += CHUNK) {
      int count = Math.min(CHUNK, x.columns() - from);
      for (int row = 0; row < x.rows(); row++) {
        Lanes.copy(x.values().bytes(), x.start(row) + from, values, row * CHUNK, count);
      }
      if (x.rows() == 12) {
        interleave12(values, count, target, start + from * 12);
      } else {
        interleave(x.rows(), values, count, target, start + from * x.rows());
      }
    }
  }

  private static void interleave(int rows, float[] values, int count, float[] target, int start) {
    for (int row = 0; row < rows; row++) {
      for (int i = 0; i < count; i++) {
        target[start + i * rows + row] = values[row * CHUNK + i];
      }
    }
  }

  private static void interleave12(float[] values, int count, float[] target, int start) {
    for (int i = 0; i < count; i++) {
      int t = start + 12 * i;
      target[t] = values[i];
      target[t + 1] = values[i + CHUNK];
      target[t + 2] = values[i + 2 * CHUNK];
      target[t + 3] = values[i + 3 * CHUNK];
      target[t + 4] = values[i + 4 * CHUNK];
      target[t + 5] = values[i + 5 * CHUNK];
      target[t + 6] = values[i + 6 * CHUNK];
      target[t + 7] = values[i + 7 * CHUNK];
      target[t + 8] = values[i + 8 * CHUNK];
      target[t + 9] = values[i + 9 * CHUNK];
      target[t + 10] = values[i + 10 * CHUNK];
      target[t + 11] = values[i + 11 * CHUNK];
    }
  }

  /**
   * Some rows' products.
   *
   * @param block the rows as tiles read them
   * @param from first of them in y
   */
  private record Product(
      float[] block, PanelMatrix w, Addend addend, Matrix y, int from, int rows) {

    void run(int first, int last) {
      for (int panel = first; panel < last; panel += GROUP) {
        multiplyPanels(panel, Math.min(GROUP, last - panel));
      }
    }

    private void multiplyPanels(int first, int count) {
      Scratch scratch = SCRATCH.get();
      float[] sums = scratch.sums;
      int column = first * PANEL;
      int width = Math.min(count * PANEL, w.outputs() - column);
      start(column, width, count, sums);
      float touched = 0;
      for (int i = 0; i < count; i++) {
        float[] panel = w.panel(first + i);
        float[] following = w.panel(Math.min(first + i + 1, w.panels() - 1));
        int target = i * rows * PANEL;
        for (int input = 0; input < w.inputs(); input += INPUTS) {
          int to = Math.min(input + INPUTS, w.inputs());
          boolean isLast = to == w.inputs();
          float[] next = isLast ? following : panel;
          int ahead = isLast ? 0 : to;
          touched +=
              multiplyRows(block, rows, w.inputs(), input, to, panel, sums, target, next, ahead);
        }
      }
      scratch.touched = touched;
      write(sums, y.rows(from, rows), column, width);
    }

    /** Sets sums to the addend. */
    private void start(int column, int width, int count, float[] sums) {
      if (addend.rows().isPresent()) {
        read(addend.rows().get().rows(from, rows), column, width, sums);
      } else {
        Arrays.fill(sums, 0, count * rows * PANEL, 0f);
      }
      if (addend.row().isPresent()) {
        addRow(addend.row().get(), column, width, rows, sums);
      }
    }
  }

  /** Adds some columns of a row to all rows of [panels, rows, PANEL]. */
  private static void addRow(Floats row, int column, int width, int rows, float[] sums) {
    float[] values = SCRATCH.get().panel;
    for (int c = 0; c < width; c += PANEL) {
      Lanes.copy(row.bytes(), column + c, values, 0, Math.min(PANEL, width - c));
      FloatVector first = FloatVector.fromArray(Lanes.SPECIES, values, 0);
      FloatVector second = FloatVector.fromArray(Lanes.SPECIES, values, WIDTH);
      int start = c * rows;
      for (int i = start; i < start + rows * PANEL; i += PANEL) {
        FloatVector.fromArray(Lanes.SPECIES, sums, i).add(first).intoArray(sums, i);
        int j = i + WIDTH;
        FloatVector.fromArray(Lanes.SPECIES, sums, j).add(second).intoArray(sums, j);
      }
    }
  }

  /** Copies some columns of y into [panels, rows, PANEL]. */
  private static void read(Matrix y, int column, int width, float[] sums) {
    ByteBuffer values = y.values().bytes();
    for (int row = 0; row < y.rows(); row++) {
      int start = y.start(row) + column;
      int target = row * PANEL;
      int c = 0;
      for (; c + PANEL <= width; c += PANEL) {
        Lanes.load(values, start + c).intoArray(sums, target);
        Lanes.load(values, start + c + WIDTH).intoArray(sums, target + WIDTH);
        target += y.rows() * PANEL;
      }
      Lanes.copy(values, start + c, sums, target, width - c);
    }
  }

  private static void write(float[] sums, Matrix y, int column, int width) {
    ByteBuffer values = y.values().bytes();
    for (int row = 0; row < y.rows(); row++) {
      int start = y.start(row) + column;
      int source = row * PANEL;
      int c = 0;
      for (; c + PANEL <= width; c += PANEL) {
        Lanes.store(FloatVector.fromArray(Lanes.SPECIES, sums, source), values, start + c);
        FloatVector second = FloatVector.fromArray(Lanes.SPECIES, sums, source + WIDTH);
        Lanes.store(second, values, start + c + WIDTH);
        source += y.rows() * PANEL;
      }
      Lanes.copy(sums, source, values, start + c, width - c);
    }
  }

  private static final ThreadLocal<Scratch> SCRATCH = ThreadLocal.withInitial(Scratch::new);

  /** Memory of a thread. */
  private static final class Scratch {
    private final float[] sums = new float[GROUP * BLOCK * PANEL];
    private final float[] rows = new float[TILE * CHUNK];
    private final float[] panel = new float[PANEL];
    private float[] block = new float[0]; // rows of x, as tiles read them
    private float touched; // keeps the compiler from leaving out the reading ahead
  }

  /** Rows of the tile that a row of a block belongs to; a tile starts at a multiple of them. */
  private static int tile(int row, int rows) {
    if (row < rows / TILE * TILE) {
      return TILE;
    }
    return row < rows / 4 * 4 ? 4 : 1;
  }

  /**
   * All rows with some inputs of a panel. Returns a sum of values read ahead, which means nothing.
   *
   * @param next the panel whose inputs from {@code nextFrom} on are needed next
   */
  private static float multiplyRows(
      float[] block,
      int rows,
      int inputs,
      int from,
      int to,
      float[] panel,
      float[] sums,
      int start,
      float[] next,
      int nextFrom) {
    int step = PANEL / Math.max(1, rows / TILE); // values to go ahead per input and tile
    int length = (to - from) * step;
    int ahead = nextFrom * PANEL;
    float touched = 0;
    int tile;
    for (int row = 0; row < rows; row += tile) {
      tile = tile(row, rows);
      int x = row * inputs;
      int target = start + row * PANEL;
      switch (tile) {
        case 12 -> {
          ahead = Math.min(ahead, next.length - length);
          touched += tile12(block, x, from, to, panel, sums, target, next, ahead, step);
          ahead += length;
        }
        case 4 -> tile4(block, x, from, to, panel, sums, target);
        default -> tile1(block, x, from, to, panel, sums, target);
      }
    }
    return touched;
  }

  /** Returns a sum of values read ahead, which means nothing. */
  private static float tile12(
      float[] x,
      int row,
      int from,
      int to,
      float[] panel,
      float[] sums,
      int target,
      float[] next,
      int ahead,
      int step) {
    float touched = 0;
    FloatVector a0 = FloatVector.fromArray(Lanes.SPECIES, sums, target);
    FloatVector b0 = FloatVector.fromArray(Lanes.SPECIES, sums, target + WIDTH);
    FloatVector a1 = FloatVector.fromArray(Lanes.SPECIES, sums, target + 2 * WIDTH);
    FloatVector b1 = FloatVector.fromArray(Lanes.SPECIES, sums, target + 3 * WIDTH);
    FloatVector a2 = FloatVector.fromArray(Lanes.SPECIES, sums, target + 4 * WIDTH);
    FloatVector b2 = FloatVector.fromArray(Lanes.SPECIES, sums, target + 5 * WIDTH);
    FloatVector a3 = FloatVector.fromArray(Lanes.SPECIES, sums, target + 6 * WIDTH);
    FloatVector b3 = FloatVector.fromArray(Lanes.SPECIES, sums, target + 7 * WIDTH);
    FloatVector a4 = FloatVector.fromArray(Lanes.SPECIES, sums, target + 8 * WIDTH);
    FloatVector b4 = FloatVector.fromArray(Lanes.SPECIES, sums, target + 9 * WIDTH);
    FloatVector a5 = FloatVector.fromArray(Lanes.SPECIES, sums, target + 10 * WIDTH);
    FloatVector b5 = FloatVector.fromArray(Lanes.SPECIES, sums, target + 11 * WIDTH);
    FloatVector a6 = FloatVector.fromArray(Lanes.SPECIES, sums, target + 12 * WIDTH);
    FloatVector b6 = FloatVector.fromArray(Lanes.SPECIES, sums, target + 13 * WIDTH);
    FloatVector a7 = FloatVector.fromArray(Lanes.SPECIES, sums, target + 14 * WIDTH);
    FloatVector b7 = FloatVector.fromArray(Lanes.SPECIES, sums, target + 15 * WIDTH);
    FloatVector a8 = FloatVector.fromArray(Lanes.SPECIES, sums, target + 16 * WIDTH);
    FloatVector b8 = FloatVector.fromArray(Lanes.SPECIES, sums, target + 17 * WIDTH);
    FloatVector a9 = FloatVector.fromArray(Lanes.SPECIES, sums, target + 18 * WIDTH);
    FloatVector b9 = FloatVector.fromArray(Lanes.SPECIES, sums, target + 19 * WIDTH);
    FloatVector a10 = FloatVector.fromArray(Lanes.SPECIES, sums, target + 20 * WIDTH);
    FloatVector b10 = FloatVector.fromArray(Lanes.SPECIES, sums, target + 21 * WIDTH);
    FloatVector a11 = FloatVector.fromArray(Lanes.SPECIES, sums, target + 22 * WIDTH);
    FloatVector b11 = FloatVector.fromArray(Lanes.SPECIES, sums, target + 23 * WIDTH);
    for (int k = from; k < to; k++) {
      touched += next[ahead + (k - from) * step];
      FloatVector w0 = FloatVector.fromArray(Lanes.SPECIES, panel, k * PANEL);
      FloatVector w1 = FloatVector.fromArray(Lanes.SPECIES, panel, k * PANEL + WIDTH);
      FloatVector x0 = FloatVector.broadcast(Lanes.SPECIES, x[row + 12 * k]);
      a0 = x0.fma(w0, a0);
      b0 = x0.fma(w1, b0);
      FloatVector x1 = FloatVector.broadcast(Lanes.SPECIES, x[row + 12 * k + 1]);
      a1 = x1.fma(w0, a1);
      b1 = x1.fma(w1, b1);
      FloatVector x2 = FloatVector.broadcast(Lanes.SPECIES, x[row + 12 * k + 2]);
      a2 = x2.fma(w0, a2);
      b2 = x2.fma(w1, b2);
      FloatVector x3 = FloatVector.broadcast(Lanes.SPECIES, x[row + 12 * k + 3]);
      a3 = x3.fma(w0, a3);
      b3 = x3.fma(w1, b3);
      FloatVector x4 = FloatVector.broadcast(Lanes.SPECIES, x[row + 12 * k + 4]);
      a4 = x4.fma(w0, a4);
      b4 = x4.fma(w1, b4);
      FloatVector x5 = FloatVector.broadcast(Lanes.SPECIES, x[row + 12 * k + 5]);
      a5 = x5.fma(w0, a5);
      b5 = x5.fma(w1, b5);
      FloatVector x6 = FloatVector.broadcast(Lanes.SPECIES, x[row + 12 * k + 6]);
      a6 = x6.fma(w0, a6);
      b6 = x6.fma(w1, b6);
      FloatVector x7 = FloatVector.broadcast(Lanes.SPECIES, x[row + 12 * k + 7]);
      a7 = x7.fma(w0, a7);
      b7 = x7.fma(w1, b7);
      FloatVector x8 = FloatVector.broadcast(Lanes.SPECIES, x[row + 12 * k + 8]);
      a8 = x8.fma(w0, a8);
      b8 = x8.fma(w1, b8);
      FloatVector x9 = FloatVector.broadcast(Lanes.SPECIES, x[row + 12 * k + 9]);
      a9 = x9.fma(w0, a9);
      b9 = x9.fma(w1, b9);
      FloatVector x10 = FloatVector.broadcast(Lanes.SPECIES, x[row + 12 * k + 10]);
      a10 = x10.fma(w0, a10);
      b10 = x10.fma(w1, b10);
      FloatVector x11 = FloatVector.broadcast(Lanes.SPECIES, x[row + 12 * k + 11]);
      a11 = x11.fma(w0, a11);
      b11 = x11.fma(w1, b11);
    }
    a0.intoArray(sums, target);
    b0.intoArray(sums, target + WIDTH);
    a1.intoArray(sums, target + 2 * WIDTH);
    b1.intoArray(sums, target + 3 * WIDTH);
    a2.intoArray(sums, target + 4 * WIDTH);
    b2.intoArray(sums, target + 5 * WIDTH);
    a3.intoArray(sums, target + 6 * WIDTH);
    b3.intoArray(sums, target + 7 * WIDTH);
    a4.intoArray(sums, target + 8 * WIDTH);
    b4.intoArray(sums, target + 9 * WIDTH);
    a5.intoArray(sums, target + 10 * WIDTH);
    b5.intoArray(sums, target + 11 * WIDTH);
    a6.intoArray(sums, target + 12 * WIDTH);
    b6.intoArray(sums, target + 13 * WIDTH);
    a7.intoArray(sums, target + 14 * WIDTH);
    b7.intoArray(sums, target + 15 * WIDTH);
    a8.intoArray(sums, target + 16 * WIDTH);
    b8.intoArray(sums, target + 17 * WIDTH);
    a9.intoArray(sums, target + 18 * WIDTH);
    b9.intoArray(sums, target + 19 * WIDTH);
    a10.intoArray(sums, target + 20 * WIDTH);
    b10.intoArray(sums, target + 21 * WIDTH);
    a11.intoArray(sums, target + 22 * WIDTH);
    b11.intoArray(sums, target + 23 * WIDTH);
    return touched;
  }

  private static void tile4(
      float[] x, int row, int from, int to, float[] panel, float[] sums, int target) {
    FloatVector a0 = FloatVector.fromArray(Lanes.SPECIES, sums, target);
    FloatVector b0 = FloatVector.fromArray(Lanes.SPECIES, sums, target + WIDTH);
    FloatVector a1 = FloatVector.fromArray(Lanes.SPECIES, sums, target + 2 * WIDTH);
    FloatVector b1 = FloatVector.fromArray(Lanes.SPECIES, sums, target + 3 * WIDTH);
    FloatVector a2 = FloatVector.fromArray(Lanes.SPECIES, sums, target + 4 * WIDTH);
    FloatVector b2 = FloatVector.fromArray(Lanes.SPECIES, sums, target + 5 * WIDTH);
    FloatVector a3 = FloatVector.fromArray(Lanes.SPECIES, sums, target + 6 * WIDTH);
    FloatVector b3 = FloatVector.fromArray(Lanes.SPECIES, sums, target + 7 * WIDTH);
    for (int k = from; k < to; k++) {
      FloatVector w0 = FloatVector.fromArray(Lanes.SPECIES, panel, k * PANEL);
      FloatVector w1 = FloatVector.fromArray(Lanes.SPECIES, panel, k * PANEL + WIDTH);
      FloatVector x0 = FloatVector.broadcast(Lanes.SPECIES, x[row + 4 * k]);
      a0 = x0.fma(w0, a0);
      b0 = x0.fma(w1, b0);
      FloatVector x1 = FloatVector.broadcast(Lanes.SPECIES, x[row + 4 * k + 1]);
      a1 = x1.fma(w0, a1);
      b1 = x1.fma(w1, b1);
      FloatVector x2 = FloatVector.broadcast(Lanes.SPECIES, x[row + 4 * k + 2]);
      a2 = x2.fma(w0, a2);
      b2 = x2.fma(w1, b2);
      FloatVector x3 = FloatVector.broadcast(Lanes.SPECIES, x[row + 4 * k + 3]);
      a3 = x3.fma(w0, a3);
      b3 = x3.fma(w1, b3);
    }
    a0.intoArray(sums, target);
    b0.intoArray(sums, target + WIDTH);
    a1.intoArray(sums, target + 2 * WIDTH);
    b1.intoArray(sums, target + 3 * WIDTH);
    a2.intoArray(sums, target + 4 * WIDTH);
    b2.intoArray(sums, target + 5 * WIDTH);
    a3.intoArray(sums, target + 6 * WIDTH);
    b3.intoArray(sums, target + 7 * WIDTH);
  }

  private static void tile1(
      float[] x, int row, int from, int to, float[] panel, float[] sums, int target) {
    FloatVector a0 = FloatVector.fromArray(Lanes.SPECIES, sums, target);
    FloatVector b0 = FloatVector.fromArray(Lanes.SPECIES, sums, target + WIDTH);
    for (int k = from; k < to; k++) {
      FloatVector w0 = FloatVector.fromArray(Lanes.SPECIES, panel, k * PANEL);
      FloatVector w1 = FloatVector.fromArray(Lanes.SPECIES, panel, k * PANEL + WIDTH);
      FloatVector x0 = FloatVector.broadcast(Lanes.SPECIES, x[row + k]);
      a0 = x0.fma(w0, a0);
      b0 = x0.fma(w1, b0);
    }
    a0.intoArray(sums, target);
    b0.intoArray(sums, target + WIDTH);
  }
}
