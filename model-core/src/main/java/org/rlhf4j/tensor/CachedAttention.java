package org.rlhf4j.tensor;

import java.nio.ByteBuffer;
import java.util.concurrent.atomic.AtomicInteger;
import jdk.incubator.vector.FloatVector;

/**
 * Attention of new tokens on a {@link PagedCache}. A token's result is a function of its own
 * sequence only, bitwise: neither its neighbours in the batch nor the threads change it.
 */
final class CachedAttention implements AutoCloseable {
  private static final int PAGE = PagedCache.PAGE;

  private final Workers workers;
  private final Scratch[] scratch; // per worker

  CachedAttention(Workers workers) {
    this.workers = workers;
    this.scratch = new Scratch[workers.count()];
    for (int i = 0; i < scratch.length; i++) {
      scratch[i] = new Scratch();
    }
  }

  /** See {@link KeyValueCache#attend}. */
  void attend(
      PagedCache cache,
      int layer,
      AttentionShape shape,
      Matrix qkv,
      KeyValueCache.Row[] rows,
      int[] positions,
      Matrix out) {
    workers.ranges(
        qkv.rows(),
        1,
        (from, to) -> {
          for (int i = from; i < to; i++) {
            write(cache, layer, qkv, i, pages(rows[i]), positions[i]);
          }
        });
    int heads = shape.heads();
    int items = qkv.rows() * heads;
    AtomicInteger next = new AtomicInteger();
    int longest = 0;
    for (int position : positions) {
      longest = Math.max(longest, position + 1);
    }
    int room = (longest + PAGE - 1) / PAGE * PAGE;
    workers.run(
        workers.count(),
        piece -> {
          Scratch memory = scratch[piece].of(shape.headSize(), room);
          for (int i = next.getAndIncrement(); i < items; i = next.getAndIncrement()) {
            int token = i / heads;
            new Query(cache, shape, layer, pages(rows[token]), positions[token], i % heads, memory)
                .attend(qkv, out, token);
          }
        });
  }

  private static PagedCache.Pages pages(KeyValueCache.Row row) {
    return (PagedCache.Pages) row;
  }

  private static void write(
      PagedCache cache, int layer, Matrix qkv, int token, PagedCache.Pages row, int position) {
    AttentionShape shape = cache.shape();
    ByteBuffer source = qkv.values().bytes();
    ByteBuffer page = row.page(position / PAGE);
    int slot = position % PAGE;
    for (int kvHead = 0; kvHead < shape.kvHeads(); kvHead++) {
      int head = kvHead * shape.group();
      int key = qkv.start(token) + shape.key(head);
      int value = qkv.start(token) + shape.value(head);
      int keys = cache.keys(layer, kvHead) + slot;
      int values = cache.values(layer, kvHead) + slot * shape.headSize();
      for (int d = 0; d < shape.headSize(); d++) {
        Lanes.put(page, keys + d * PAGE, Lanes.get(source, key + d));
      }
      Elementwise.copyRange(source, value, page, values, shape.headSize());
    }
  }

  @Override
  public void close() {
    for (Scratch each : scratch) {
      each.close();
    }
  }

  /** Memory of one worker. */
  private static final class Scratch implements AutoCloseable {
    private final Buffer buffer = new Buffer(HostFloats::create);
    private ByteBuffer scores;
    private float[] query = new float[0]; // [D]
    private float[] weights = new float[0]; // the scores' softmax, [tokens]

    Scratch of(int headSize, int room) {
      scores = buffer.atLeast(room).bytes();
      if (query.length < headSize) {
        query = new float[headSize];
      }
      if (weights.length < room) {
        weights = new float[room];
      }
      return this;
    }

    @Override
    public void close() {
      buffer.close();
    }
  }

  /**
   * One query head of one token.
   *
   * <p>Design: a sum is a chain of multiply-adds, each of which waits for the one before; so some
   * chains run side by side: two pages' scores, four vectors of the average.
   */
  private record Query(
      PagedCache cache,
      AttentionShape shape,
      int layer,
      PagedCache.Pages row,
      int position,
      int head,
      Scratch scratch) {
    private static final int PAIR = 2 * Lanes.WIDTH; // slots; divides a page
    private static final int CHAINS = 4;

    void attend(Matrix qkv, Matrix out, int token) {
      int kvHead = head / shape.group();
      int low = shape.firstSeen(position);
      int headSize = shape.headSize();
      int query = qkv.start(token) + shape.query(head);
      Lanes.copy(qkv.values().bytes(), query, scratch.query, 0, headSize);
      int keys = cache.keys(layer, kvHead);
      int last = position / PAGE;
      int page = low / PAGE;
      for (; page < last; page += 2) {
        score(row.page(page), row.page(page + 1), keys, page * PAGE);
      }
      if (page == last) {
        score(row.page(page), keys, page * PAGE);
      }
      Softmax.normalise(scratch.scores, low, position + 1 - low);
      Lanes.copy(scratch.scores, low, scratch.weights, low, position + 1 - low);
      int values = cache.values(layer, kvHead);
      int target = out.start(token) + shape.query(head);
      ByteBuffer result = out.values().bytes();
      int d = 0;
      for (; d + CHAINS * Lanes.WIDTH <= headSize; d += CHAINS * Lanes.WIDTH) {
        averageFour(values + d, low, result, target + d);
      }
      for (; d + Lanes.WIDTH <= headSize; d += Lanes.WIDTH) {
        Lanes.store(average(values + d, low), result, target + d);
      }
      for (; d < headSize; d++) {
        Lanes.put(result, target + d, averageOne(values + d, low));
      }
    }

    /** Scores of the keys in two pages, the first of which begins at token {@code first}. */
    private void score(ByteBuffer page, ByteBuffer next, int keys, int first) {
      float[] query = scratch.query;
      int headSize = shape.headSize();
      for (int slot = 0; slot < PAGE; slot += PAIR) {
        FloatVector sum0 = Lanes.zero();
        FloatVector sum1 = Lanes.zero();
        FloatVector sum2 = Lanes.zero();
        FloatVector sum3 = Lanes.zero();
        for (int d = 0; d < headSize; d++) {
          FloatVector q = FloatVector.broadcast(Lanes.SPECIES, query[d]);
          int key = keys + d * PAGE + slot;
          sum0 = q.fma(Lanes.load(page, key), sum0);
          sum1 = q.fma(Lanes.load(page, key + Lanes.WIDTH), sum1);
          sum2 = q.fma(Lanes.load(next, key), sum2);
          sum3 = q.fma(Lanes.load(next, key + Lanes.WIDTH), sum3);
        }
        keep(sum0, sum1, first + slot);
        keep(sum2, sum3, first + PAGE + slot);
      }
    }

    private void score(ByteBuffer page, int keys, int first) {
      float[] query = scratch.query;
      int headSize = shape.headSize();
      for (int slot = 0; slot < PAGE; slot += PAIR) {
        FloatVector sum0 = Lanes.zero();
        FloatVector sum1 = Lanes.zero();
        for (int d = 0; d < headSize; d++) {
          FloatVector q = FloatVector.broadcast(Lanes.SPECIES, query[d]);
          int key = keys + d * PAGE + slot;
          sum0 = q.fma(Lanes.load(page, key), sum0);
          sum1 = q.fma(Lanes.load(page, key + Lanes.WIDTH), sum1);
        }
        keep(sum0, sum1, first + slot);
      }
    }

    private void keep(FloatVector first, FloatVector second, int place) {
      Lanes.store(first.mul(shape.scale()), scratch.scores, place);
      Lanes.store(second.mul(shape.scale()), scratch.scores, place + Lanes.WIDTH);
    }

    /** Values at four vectors of lanes, averaged by the weights. */
    private void averageFour(int column, int low, ByteBuffer out, int target) {
      float[] weights = scratch.weights;
      int headSize = shape.headSize();
      FloatVector sum0 = Lanes.zero();
      FloatVector sum1 = Lanes.zero();
      FloatVector sum2 = Lanes.zero();
      FloatVector sum3 = Lanes.zero();
      for (int page = low / PAGE; page <= position / PAGE; page++) {
        ByteBuffer values = row.page(page);
        int first = page * PAGE;
        int from = Math.max(low - first, 0);
        int to = Math.min(PAGE, position + 1 - first);
        for (int slot = from; slot < to; slot++) {
          FloatVector weight = FloatVector.broadcast(Lanes.SPECIES, weights[first + slot]);
          int value = column + slot * headSize;
          sum0 = weight.fma(Lanes.load(values, value), sum0);
          sum1 = weight.fma(Lanes.load(values, value + Lanes.WIDTH), sum1);
          sum2 = weight.fma(Lanes.load(values, value + 2 * Lanes.WIDTH), sum2);
          sum3 = weight.fma(Lanes.load(values, value + 3 * Lanes.WIDTH), sum3);
        }
      }
      Lanes.store(sum0, out, target);
      Lanes.store(sum1, out, target + Lanes.WIDTH);
      Lanes.store(sum2, out, target + 2 * Lanes.WIDTH);
      Lanes.store(sum3, out, target + 3 * Lanes.WIDTH);
    }

    /** Values at some lanes, averaged by the weights. */
    private FloatVector average(int column, int low) {
      int headSize = shape.headSize();
      FloatVector sum = Lanes.zero();
      for (int page = low / PAGE; page <= position / PAGE; page++) {
        ByteBuffer values = row.page(page);
        int from = Math.max(low - page * PAGE, 0);
        int to = Math.min(PAGE, position + 1 - page * PAGE);
        for (int slot = from; slot < to; slot++) {
          float p = scratch.weights[page * PAGE + slot];
          FloatVector weight = FloatVector.broadcast(Lanes.SPECIES, p);
          sum = weight.fma(Lanes.load(values, column + slot * headSize), sum);
        }
      }
      return sum;
    }

    private float averageOne(int column, int low) {
      int headSize = shape.headSize();
      float sum = 0;
      for (int i = low; i <= position; i++) {
        float value = Lanes.get(row.page(i / PAGE), column + i % PAGE * headSize);
        sum += scratch.weights[i] * value;
      }
      return sum;
    }
  }
}
