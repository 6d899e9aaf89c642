package org.rlhf4j.tensor;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicInteger;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;

/**
 * Causal attention within each sequence of a packed batch (Vaswani et al. 2017, eq. 1): softmax(Q
 * K^T / sqrt(D)) V for each head, a query seeing itself and what stands before it.
 *
 * <p>Design: queries are taken in blocks, so that the scores above the diagonal are mostly never
 * computed. No score is kept: the backward pass computes them again, which costs less than writing
 * and reading them. Work is split by (sequence, key head), so every sum has one order.
 */
final class Attention implements AutoCloseable {
  private static final int BLOCK = 64; // queries

  private final Workers workers;
  private final Scratch[] scratch; // per worker

  Attention(Workers workers) {
    this.workers = workers;
    this.scratch = new Scratch[workers.count()];
    for (int i = 0; i < scratch.length; i++) {
      scratch[i] = new Scratch();
    }
  }

  /**
   * @param qkv queries, keys and values of each token side by side, [N, (heads + 2 kvHeads) D]
   * @param out set, [N, heads D]
   */
  void forward(AttentionShape shape, Matrix qkv, int[] offsets, Matrix out) {
    each(
        shape,
        offsets,
        1,
        (sequence, kvHead, memory) -> {
          for (int i = 0; i < shape.group(); i++) {
            int head = kvHead * shape.group() + i;
            new Head(shape, qkv, offsets, sequence, head, memory).forward(out);
          }
        });
  }

  /**
   * @param dOut [N, heads D]
   * @param dQkv set, [N, (heads + 2 kvHeads) D]
   */
  void backward(AttentionShape shape, Matrix qkv, int[] offsets, Matrix dOut, Matrix dQkv) {
    each(
        shape,
        offsets,
        2,
        (sequence, kvHead, memory) -> {
          for (int i = 0; i < shape.group(); i++) {
            int head = kvHead * shape.group() + i;
            Head part = new Head(shape, qkv, offsets, sequence, head, memory);
            part.backward(dOut, dQkv, i == 0);
          }
        });
  }

  /** One sequence and one key head. */
  private interface Item {
    void run(int sequence, int kvHead, Scratch memory);
  }

  private void each(AttentionShape shape, int[] offsets, int blocks, Item item) {
    int longest = 0;
    for (int i = 0; i + 1 < offsets.length; i++) {
      longest = Math.max(longest, offsets[i + 1] - offsets[i]);
    }
    long size = (long) blocks * BLOCK * longest;
    int longestRow = longest;
    int items = (offsets.length - 1) * shape.kvHeads();
    AtomicInteger next = new AtomicInteger();
    workers.run(
        workers.count(),
        piece -> {
          Scratch memory = scratch[piece];
          memory.reserve(size, longestRow);
          for (int i = next.getAndIncrement(); i < items; i = next.getAndIncrement()) {
            item.run(i / shape.kvHeads(), i % shape.kvHeads(), memory);
          }
        });
  }

  @Override
  public void close() {
    for (Scratch memory : scratch) {
      memory.buffer.close();
    }
  }

  /** Memory of a worker. */
  private static final class Scratch {
    private final Buffer buffer = new Buffer(HostFloats::create);
    private Floats floats; // scores of a block of queries, and their gradients
    private float[] scores = new float[0]; // of a query; vectors work faster inside the heap

    void reserve(long size, int longest) {
      floats = buffer.atLeast(size);
      if (scores.length < longest + Lanes.WIDTH) {
        scores = new float[longest + Lanes.WIDTH];
      }
    }
  }

  /** The operands of one query head of one sequence. */
  private static final class Head {
    private final AttentionShape shape;
    private final int head;
    private final int first;
    private final int length;
    private final Matrix q;
    private final Matrix k;
    private final Matrix v;
    private final Scratch memory;

    Head(AttentionShape shape, Matrix qkv, int[] offsets, int sequence, int head, Scratch memory) {
      this.shape = shape;
      this.head = head;
      this.first = offsets[sequence];
      this.length = offsets[sequence + 1] - first;
      Matrix rows = qkv.rows(first, length);
      this.q = rows.columns(shape.query(head), shape.headSize());
      this.k = rows.columns(shape.key(head), shape.headSize());
      this.v = rows.columns(shape.value(head), shape.headSize());
      this.memory = memory;
    }

    void forward(Matrix out) {
      Matrix o = out.rows(first, length).columns(shape.query(head), shape.headSize());
      for (int from = 0; from < length; from += BLOCK) {
        int count = Math.min(BLOCK, length - from);
        int seen = shape.firstSeen(from);
        int keys = from + count - seen;
        Matrix p = probabilities(from, count, seen, keys);
        Gemm.multiplyHere(1f, p, v.rows(seen, keys), 0f, o.rows(from, count));
      }
    }

    void backward(Matrix dOut, Matrix dQkv, boolean firstOfGroup) {
      int size = shape.headSize();
      Matrix dRows = dQkv.rows(first, length);
      Matrix dO = dOut.rows(first, length).columns(shape.query(head), size);
      Matrix dQ = dRows.columns(shape.query(head), size);
      Matrix dK = dRows.columns(shape.key(head), size);
      Matrix dV = dRows.columns(shape.value(head), size);
      if (firstOfGroup) {
        clear(dK);
        clear(dV);
      }
      for (int from = 0; from < length; from += BLOCK) {
        int count = Math.min(BLOCK, length - from);
        int seen = shape.firstSeen(from);
        int keys = from + count - seen;
        Matrix p = probabilities(from, count, seen, keys);
        Matrix d = new Matrix(memory.floats, count * keys, count, keys, keys);
        Gemm.transposedMultiplyHere(1f, p, dO.rows(from, count), 1f, dV.rows(seen, keys));
        Gemm.multiplyTransposedHere(1f, dO.rows(from, count), v.rows(seen, keys), 0f, d);
        for (int row = 0; row < count; row++) {
          softmaxGradient(p, d, row);
        }
        Gemm.multiplyHere(shape.scale(), d, k.rows(seen, keys), 0f, dQ.rows(from, count));
        Gemm.transposedMultiplyHere(shape.scale(), d, q.rows(from, count), 1f, dK.rows(seen, keys));
      }
    }

    /** Attention of the queries [from, from + count) on the keys [seen, seen + keys). */
    private Matrix probabilities(int from, int count, int seen, int keys) {
      Matrix p = new Matrix(memory.floats, 0, count, keys, keys);
      Gemm.multiplyTransposedHere(shape.scale(), q.rows(from, count), k.rows(seen, keys), 0f, p);
      for (int row = 0; row < count; row++) {
        int low = shape.firstSeen(from + row) - seen;
        softmax(p, row, low, from + row + 1 - seen);
      }
      return p;
    }

    /** Softmax of the scores [low, high) of a row; the others become 0. */
    private void softmax(Matrix p, int row, int low, int high) {
      ByteBuffer values = p.values().bytes();
      int start = p.start(row) + low;
      int count = high - low;
      int end = Lanes.bound(count + Lanes.WIDTH - 1);
      int whole = Math.min(end, p.columns() - low); // rounded up to vectors where there is room
      float[] scores = memory.scores;
      Lanes.copy(values, start, scores, 0, whole);
      Arrays.fill(scores, count, end, Float.NEGATIVE_INFINITY);
      float sum = Softmax.exponentials(scores, 0, end, Softmax.max(scores, 0, end));
      Softmax.scale(scores, 0, end, 1 / sum);
      Arrays.fill(scores, count, end, 0f);
      Elementwise.fillRange(values, start - low, low, 0f);
      Lanes.copy(scores, 0, values, start, whole);
      Elementwise.fillRange(values, start + whole, p.columns() - low - whole, 0f);
    }

    private static void clear(Matrix matrix) {
      ByteBuffer values = matrix.values().bytes();
      for (int row = 0; row < matrix.rows(); row++) {
        Elementwise.fillRange(values, matrix.start(row), matrix.columns(), 0f);
      }
    }

    /** d = p (d - sum(p d)): from the gradient of probabilities to that of scores. */
    private static void softmaxGradient(Matrix p, Matrix d, int row) {
      ByteBuffer values = p.values().bytes();
      int probability = p.start(row);
      int gradient = d.start(row);
      int bound = Lanes.bound(p.columns());
      FloatVector sum = Lanes.zero();
      int c = 0;
      for (; c < bound; c += Lanes.WIDTH) {
        sum = Lanes.load(values, probability + c).fma(Lanes.load(values, gradient + c), sum);
      }
      float total = sum.reduceLanes(VectorOperators.ADD);
      for (; c < p.columns(); c++) {
        total += Lanes.get(values, probability + c) * Lanes.get(values, gradient + c);
      }
      for (c = 0; c < bound; c += Lanes.WIDTH) {
        FloatVector change = Lanes.load(values, gradient + c).sub(total);
        Lanes.store(change.mul(Lanes.load(values, probability + c)), values, gradient + c);
      }
      for (; c < p.columns(); c++) {
        float change = Lanes.get(values, gradient + c) - total;
        Lanes.put(values, gradient + c, change * Lanes.get(values, probability + c));
      }
    }
  }
}
