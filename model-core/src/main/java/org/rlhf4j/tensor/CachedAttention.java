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
  private final Buffer[] scores; // per worker

  CachedAttention(Workers workers) {
    this.workers = workers;
    this.scores = new Buffer[workers.count()];
    for (int i = 0; i < scores.length; i++) {
      scores[i] = new Buffer(HostFloats::create);
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
          Floats memory = scores[piece].atLeast(room);
          for (int i = next.getAndIncrement(); i < items; i = next.getAndIncrement()) {
            int token = i / heads;
            new Query(
                    cache,
                    shape,
                    layer,
                    pages(rows[token]),
                    positions[token],
                    i % heads,
                    memory.bytes())
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
    for (Buffer buffer : scores) {
      buffer.close();
    }
  }

  /** One query head of one token. */
  private record Query(
      PagedCache cache,
      AttentionShape shape,
      int layer,
      PagedCache.Pages row,
      int position,
      int head,
      ByteBuffer scores) {

    void attend(Matrix qkv, Matrix out, int token) {
      int kvHead = head / shape.group();
      int low = shape.firstSeen(position);
      ByteBuffer queries = qkv.values().bytes();
      int query = qkv.start(token) + shape.query(head);
      for (int page = low / PAGE; page <= position / PAGE; page++) {
        score(queries, query, row.page(page), cache.keys(layer, kvHead), page * PAGE);
      }
      Softmax.normalise(scores, low, position + 1 - low);
      int target = out.start(token) + shape.query(head);
      int d = 0;
      for (; d + Lanes.WIDTH <= shape.headSize(); d += Lanes.WIDTH) {
        Lanes.store(
            average(cache.values(layer, kvHead) + d, low), out.values().bytes(), target + d);
      }
      for (; d < shape.headSize(); d++) {
        float value = averageOne(cache.values(layer, kvHead) + d, low);
        Lanes.put(out.values().bytes(), target + d, value);
      }
    }

    private void score(ByteBuffer queries, int query, ByteBuffer page, int keys, int first) {
      int headSize = shape.headSize();
      float scale = shape.scale();
      for (int slot = 0; slot < PAGE; slot += Lanes.WIDTH) {
        FloatVector sum = Lanes.zero();
        for (int d = 0; d < headSize; d++) {
          FloatVector q = FloatVector.broadcast(Lanes.SPECIES, Lanes.get(queries, query + d));
          sum = q.fma(Lanes.load(page, keys + d * PAGE + slot), sum);
        }
        Lanes.store(sum.mul(scale), scores, first + slot);
      }
    }

    /** Values at some lanes, averaged by the scores. */
    private FloatVector average(int column, int low) {
      int headSize = shape.headSize();
      FloatVector sum = Lanes.zero();
      for (int page = low / PAGE; page <= position / PAGE; page++) {
        ByteBuffer values = row.page(page);
        int from = Math.max(low - page * PAGE, 0);
        int to = Math.min(PAGE, position + 1 - page * PAGE);
        for (int slot = from; slot < to; slot++) {
          float p = Lanes.get(scores, page * PAGE + slot);
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
        sum += Lanes.get(scores, i) * value;
      }
      return sum;
    }
  }
}
