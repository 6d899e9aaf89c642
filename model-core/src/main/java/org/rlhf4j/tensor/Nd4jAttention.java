package org.rlhf4j.tensor;

import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.ops.DynamicCustomOp;
import org.nd4j.linalg.api.ops.impl.transforms.custom.SoftMax;
import org.nd4j.linalg.factory.Nd4j;

/**
 * {@link Attention} in operations of ND4J: those heads of a sequence that have key heads of their
 * own are one stack of products.
 *
 * <p>Design: queries are taken in blocks, which bounds the memory of the scores, and what a query
 * must not see is hidden by adding one of two small triangles where blocks meet the diagonal or the
 * edge of the window. The backward pass computes the probabilities again.
 */
final class Nd4jAttention implements AutoCloseable {
  static final int BLOCK = 128; // queries
  private static final double HIDDEN = -1e30; // its exponential is 0, and sums of it are finite

  private final Buffer scores = new Buffer(Nd4jFloats::create);
  private final Buffer gradients = new Buffer(Nd4jFloats::create);
  private final Buffer products = new Buffer(Nd4jFloats::create);
  private final Buffer sums = new Buffer(Nd4jFloats::create);
  private final INDArray above = triangle(-1, 0); // hides columns beyond the row
  private final INDArray below = triangle(0, -1); // hides columns before the row

  /** HIDDEN outside a band of so many diagonals below and above the main one; -1: all. */
  private static INDArray triangle(int diagonalsBelow, int diagonalsAbove) {
    INDArray band = Nd4j.ones(DataType.FLOAT, BLOCK, BLOCK);
    INDArray kept = Nd4j.zeros(DataType.FLOAT, BLOCK, BLOCK);
    Nd4j.exec(
        DynamicCustomOp.builder("matrix_band_part")
            .addInputs(band)
            .addIntegerArguments(diagonalsBelow, diagonalsAbove)
            .addOutputs(kept)
            .build());
    band.subi(kept).muli(HIDDEN);
    kept.close();
    return band;
  }

  /**
   * Heads side by side in the rows of a matrix, or one after the other, as a stack.
   *
   * @param first where the first row of the first head starts
   * @param headStride from one head of the stack to the next
   * @param rowStride from one token to the next
   */
  record Stack(
      Nd4jFloats values, long first, int heads, int headSize, long headStride, long rowStride) {
    /** One head out of each group, beginning with the {@code member}-th. */
    static Stack ofGroups(AttentionShape shape, Matrix rows, int member) {
      return new Stack(
          Nd4jFloats.of(rows.values()),
          rows.offset() + (long) shape.query(member),
          shape.kvHeads(),
          shape.headSize(),
          (long) shape.group() * shape.headSize(),
          rows.stride());
    }

    /** Key heads, or value heads, from a column on. */
    static Stack ofKeys(AttentionShape shape, Matrix rows, int column) {
      return new Stack(
          Nd4jFloats.of(rows.values()),
          rows.offset() + (long) column,
          shape.kvHeads(),
          shape.headSize(),
          shape.headSize(),
          rows.stride());
    }

    /** [heads, count, D]. */
    INDArray rows(int from, int count) {
      return values.view(
          first + from * rowStride,
          new long[] {heads, count, headSize},
          new long[] {headStride, rowStride, 1});
    }
  }

  /** See {@link Kernels#attention}. */
  void forward(AttentionShape shape, Matrix qkv, int[] offsets, Matrix out) {
    for (int i = 0; i + 1 < offsets.length; i++) {
      Matrix rows = qkv.rows(offsets[i], offsets[i + 1] - offsets[i]);
      Stack keys = Stack.ofKeys(shape, rows, shape.key(0));
      Stack values = Stack.ofKeys(shape, rows, shape.value(0));
      attend(shape, rows, 0, keys, values, out.rows(offsets[i], rows.rows()));
    }
  }

  /**
   * Lets queries see keys and values up to their own places.
   *
   * @param qkv rows of which only the queries are read, [n, width]
   * @param position place of the first of them in its sequence
   * @param out set, [n, heads D]
   */
  void attend(
      AttentionShape shape, Matrix qkv, int position, Stack keys, Stack values, Matrix out) {
    for (int member = 0; member < shape.group(); member++) {
      Stack queries = Stack.ofGroups(shape, qkv, member);
      Stack results = Stack.ofGroups(shape, out, member);
      for (int row = 0; row < qkv.rows(); row += BLOCK) {
        int count = Math.min(BLOCK, qkv.rows() - row);
        int from = position + row;
        int seen = shape.firstSeen(from);
        int length = from + count - seen;
        INDArray p = probabilities(shape, queries.rows(row, count), keys.rows(seen, length), from);
        INDArray v = values.rows(seen, length);
        Nd4jViews.multiply(1, p, false, v, false, 0, results.rows(row, count));
      }
    }
  }

  /** See {@link Kernels#attentionBackward}. */
  void backward(AttentionShape shape, Matrix qkv, int[] offsets, Matrix dOut, Matrix dQkv) {
    for (int i = 0; i + 1 < offsets.length; i++) {
      int count = offsets[i + 1] - offsets[i];
      if (count > 0) {
        sequence(
            shape,
            qkv.rows(offsets[i], count),
            dOut.rows(offsets[i], count),
            dQkv.rows(offsets[i], count));
      }
    }
  }

  private void sequence(AttentionShape shape, Matrix qkv, Matrix dOut, Matrix dQkv) {
    Stack keys = Stack.ofKeys(shape, qkv, shape.key(0));
    Stack values = Stack.ofKeys(shape, qkv, shape.value(0));
    Stack dKeys = Stack.ofKeys(shape, dQkv, shape.key(0));
    Stack dValues = Stack.ofKeys(shape, dQkv, shape.value(0));
    dKeys.rows(0, qkv.rows()).assign(0);
    dValues.rows(0, qkv.rows()).assign(0);
    for (int member = 0; member < shape.group(); member++) {
      Stack queries = Stack.ofGroups(shape, qkv, member);
      Stack dQueries = Stack.ofGroups(shape, dQkv, member);
      Stack dResults = Stack.ofGroups(shape, dOut, member);
      for (int from = 0; from < qkv.rows(); from += BLOCK) {
        int count = Math.min(BLOCK, qkv.rows() - from);
        int seen = shape.firstSeen(from);
        int length = from + count - seen;
        INDArray q = queries.rows(from, count);
        INDArray k = keys.rows(seen, length);
        INDArray dO = dResults.rows(from, count);
        INDArray p = probabilities(shape, q, k, from);
        Nd4jViews.multiply(1, p, true, dO, false, 1, dValues.rows(seen, length));
        INDArray d = stack(gradients, shape.kvHeads(), count, length);
        Nd4jViews.multiply(1, dO, false, values.rows(seen, length), true, 0, d);
        throughSoftmax(p, d);
        Nd4jViews.multiply(shape.scale(), d, false, k, false, 0, dQueries.rows(from, count));
        Nd4jViews.multiply(shape.scale(), d, true, q, false, 1, dKeys.rows(seen, length));
      }
    }
  }

  /** d = p (d - sum(p d)): from the gradient of probabilities to that of scores. */
  private void throughSoftmax(INDArray p, INDArray d) {
    int heads = (int) p.size(0);
    int count = (int) p.size(1);
    INDArray product = stack(products, heads, count, (int) p.size(2));
    INDArray sum = stack(sums, heads, count, 1);
    p.mul(d, product);
    product.sum(sum, true, 2);
    d.subi(sum).muli(p);
  }

  /** Attention of queries at [from, from + count) on the keys from the first that they see. */
  private INDArray probabilities(AttentionShape shape, INDArray q, INDArray k, int from) {
    int heads = shape.kvHeads();
    int count = (int) q.size(1);
    int length = (int) k.size(1);
    INDArray p = stack(scores, heads, count, length);
    Nd4jViews.multiply(shape.scale(), q, false, k, true, 0, p);
    hide(above, p, 0, count, length - count);
    // The window of row r begins r - spare columns into the block.
    int spare = shape.window() == 0 ? count : Math.max(0, shape.window() - 1 - from);
    hide(below, p, spare, count - spare, 0);
    Nd4j.exec(new SoftMax(p, p, 2));
    return p;
  }

  /** Hides a triangle of {@code size} rows and columns. */
  private void hide(INDArray triangle, INDArray p, int row, int size, int column) {
    if (size < 2) {
      return; // a single query hides nothing
    }
    long length = p.size(2);
    Nd4jFloats all = Nd4jFloats.of(scores.atLeast(0));
    INDArray part =
        all.view(
            row * length + column,
            new long[] {p.size(0), size, size},
            new long[] {p.size(1) * length, length, 1});
    part.addi(
        Nd4j.create(
            triangle.data(), new long[] {1, size, size}, new long[] {BLOCK, BLOCK, 1}, 0, 'c'));
  }

  private static INDArray stack(Buffer buffer, int heads, int rows, int columns) {
    Floats values = buffer.atLeast((long) heads * rows * columns);
    return Nd4jFloats.of(values)
        .view(0, new long[] {heads, rows, columns}, new long[] {(long) rows * columns, columns, 1});
  }

  @Override
  public void close() {
    scores.close();
    gradients.close();
    products.close();
    sums.close();
    above.close();
    below.close();
  }
}
