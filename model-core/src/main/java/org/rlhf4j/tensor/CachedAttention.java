package org.rlhf4j.tensor;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicInteger;
import jdk.incubator.vector.FloatVector;

/**
 * Attention of new tokens on a {@link PagedCache}. A token's result is a function of its own
 * sequence only, bitwise: neither its neighbours in the batch nor the threads change it.
 *
 * <p>Design: a sum is a chain of multiply-adds, each of which waits for the one before; so four
 * chains run side by side. Vectors are carried through one loop only, never through two that are
 * nested: there the compiler of JDK 17 allocates every intermediate vector, ten times slower. One
 * thread writes the keys and values of a sequence's new tokens, of one key head, and reads them
 * right away, so that they are still in its own cache.
 */
final class CachedAttention {
  private static final int PAGE = PagedCache.PAGE;
  private static final int WIDTH = Lanes.WIDTH;
  private static final int CHAINS = 4 * WIDTH; // lanes of the chains side by side

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
    int[] starts = starts(rows);
    int kvHeads = shape.kvHeads();
    int items = (starts.length - 1) * kvHeads;
    AtomicInteger next = new AtomicInteger();
    int longest = Arrays.stream(positions).max().orElse(0) + 1;
    workers.run(
        workers.count(),
        piece -> {
          Scratch memory = scratch[piece].of(shape.headSize(), longest);
          for (int i = next.getAndIncrement(); i < items; i = next.getAndIncrement()) {
            int kvHead = i % kvHeads;
            int from = starts[i / kvHeads];
            int to = starts[i / kvHeads + 1];
            for (int token = from; token < to; token++) {
              write(cache, layer, kvHead, qkv, token, pages(rows[token]), positions[token]);
            }
            for (int token = from; token < to; token++) {
              for (int k = 0; k < shape.group(); k++) {
                int head = kvHead * shape.group() + k;
                new Query(cache, shape, layer, pages(rows[token]), positions[token], head, memory)
                    .attend(qkv, out, token);
              }
            }
          }
        });
  }

  /** First token of each sequence, and the number of tokens. */
  private static int[] starts(KeyValueCache.Row[] rows) {
    int[] starts = new int[rows.length + 1];
    int count = 0;
    for (int token = 0; token < rows.length; token++) {
      if (token == 0 || rows[token] != rows[token - 1]) {
        starts[count++] = token;
      }
    }
    starts[count++] = rows.length;
    return Arrays.copyOf(starts, count);
  }

  private static PagedCache.Pages pages(KeyValueCache.Row row) {
    return (PagedCache.Pages) row;
  }

  private static void write(
      PagedCache cache,
      int layer,
      int kvHead,
      Matrix qkv,
      int token,
      PagedCache.Pages row,
      int position) {
    AttentionShape shape = cache.shape();
    ByteBuffer source = qkv.values().bytes();
    float[] page = row.pageOf(position);
    int lane = position % WIDTH;
    int head = kvHead * shape.group();
    int key = qkv.start(token) + shape.key(head);
    int value = qkv.start(token) + shape.value(head);
    int keys = cache.keys(layer, kvHead, position - lane) + lane;
    for (int d = 0; d < shape.headSize(); d++) {
      page[keys + d * WIDTH] = Lanes.get(source, key + d);
    }
    Lanes.copy(source, value, page, cache.values(layer, kvHead, position), shape.headSize());
  }

  /** Memory of one worker. */
  private static final class Scratch {
    private float[] query = new float[0]; // [D]
    private float[] weights = new float[0]; // not normalised, [tokens]
    private float[] average = new float[0]; // [D]

    Scratch of(int headSize, int tokens) {
      if (query.length < headSize) {
        query = new float[headSize];
        average = new float[headSize];
      }
      if (weights.length < tokens + CHAINS) {
        weights = new float[tokens + CHAINS + tokens / 2];
      }
      return this;
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
      Scratch scratch) {

    void attend(Matrix qkv, Matrix out, int token) {
      float[] query = scratch.query;
      int headSize = shape.headSize();
      int column = shape.query(head);
      Lanes.copy(qkv.values().bytes(), qkv.start(token) + column, query, 0, headSize);
      scale(query, headSize, shape.scale());
      int low = shape.firstSeen(position);
      float sum = weigh(low, low / WIDTH * WIDTH, (position / WIDTH + 1) * WIDTH);
      average(low);
      scale(scratch.average, headSize, 1 / sum);
      Lanes.copy(scratch.average, 0, out.values().bytes(), out.start(token) + column, headSize);
    }

    private static void scale(float[] values, int count, float factor) {
      for (int i = 0; i < count; i++) {
        values[i] *= factor;
      }
    }

    /** Weights of the tokens, exp(score - largest score), in whole vectors; returns their sum. */
    private float weigh(int low, int from, int to) {
      int last = to - WIDTH;
      for (int group = from; group < to; group += CHAINS) {
        scoreFour(
            group,
            Math.min(group + WIDTH, last), // again, for want of more
            Math.min(group + 2 * WIDTH, last),
            Math.min(group + 3 * WIDTH, last));
      }
      Arrays.fill(scratch.weights, from, low, Float.NEGATIVE_INFINITY);
      Arrays.fill(scratch.weights, position + 1, to, Float.NEGATIVE_INFINITY);
      float max = Softmax.max(scratch.weights, from, to);
      return Softmax.exponentials(scratch.weights, from, to, max);
    }

    private void scoreFour(int group0, int group1, int group2, int group3) {
      int kvHead = head / shape.group();
      scoreFour(
          scratch.query,
          shape.headSize(),
          row.pageOf(group0),
          cache.keys(layer, kvHead, group0),
          row.pageOf(group1),
          cache.keys(layer, kvHead, group1),
          row.pageOf(group2),
          cache.keys(layer, kvHead, group2),
          row.pageOf(group3),
          cache.keys(layer, kvHead, group3),
          scratch.weights,
          group0);
    }

    /** Products of a query with four times as many keys as a vector has lanes. */
    private static void scoreFour(
        float[] query,
        int headSize,
        float[] page0,
        int keys0,
        float[] page1,
        int keys1,
        float[] page2,
        int keys2,
        float[] page3,
        int keys3,
        float[] scores,
        int target) {
      FloatVector sum0 = Lanes.zero();
      FloatVector sum1 = Lanes.zero();
      FloatVector sum2 = Lanes.zero();
      FloatVector sum3 = Lanes.zero();
      for (int d = 0; d < headSize; d++) {
        FloatVector q = FloatVector.broadcast(Lanes.SPECIES, query[d]);
        sum0 = q.fma(FloatVector.fromArray(Lanes.SPECIES, page0, keys0 + d * WIDTH), sum0);
        sum1 = q.fma(FloatVector.fromArray(Lanes.SPECIES, page1, keys1 + d * WIDTH), sum1);
        sum2 = q.fma(FloatVector.fromArray(Lanes.SPECIES, page2, keys2 + d * WIDTH), sum2);
        sum3 = q.fma(FloatVector.fromArray(Lanes.SPECIES, page3, keys3 + d * WIDTH), sum3);
      }
      sum0.intoArray(scores, target);
      sum1.intoArray(scores, target + WIDTH);
      sum2.intoArray(scores, target + 2 * WIDTH);
      sum3.intoArray(scores, target + 3 * WIDTH);
    }

    /** Sets the average to the sum of weight times value over the tokens from {@code low} on. */
    private void average(int low) {
      int headSize = shape.headSize();
      Arrays.fill(scratch.average, 0, headSize, 0f);
      for (int from = low; from <= position; from = (from / PAGE + 1) * PAGE) {
        int to = Math.min((from / PAGE + 1) * PAGE, position + 1);
        float[] page = row.pageOf(from);
        int values = cache.values(layer, head / shape.group(), from);
        int d = 0;
        for (; d + CHAINS <= headSize; d += CHAINS) {
          addFour(page, values + d, headSize, scratch.weights, from, to, scratch.average, d);
        }
        for (; d + WIDTH <= headSize; d += WIDTH) {
          addOne(page, values + d, headSize, scratch.weights, from, to, scratch.average, d);
        }
        for (; d < headSize; d++) {
          for (int i = from; i < to; i++) {
            scratch.average[d] += scratch.weights[i] * page[values + d + (i - from) * headSize];
          }
        }
      }
    }

    /** sums += weight times value over the tokens of one page, four vectors of columns. */
    private static void addFour(
        float[] page,
        int values,
        int headSize,
        float[] weights,
        int from,
        int to,
        float[] sums,
        int column) {
      FloatVector sum0 = FloatVector.fromArray(Lanes.SPECIES, sums, column);
      FloatVector sum1 = FloatVector.fromArray(Lanes.SPECIES, sums, column + WIDTH);
      FloatVector sum2 = FloatVector.fromArray(Lanes.SPECIES, sums, column + 2 * WIDTH);
      FloatVector sum3 = FloatVector.fromArray(Lanes.SPECIES, sums, column + 3 * WIDTH);
      for (int i = 0; i < to - from; i++) {
        FloatVector weight = FloatVector.broadcast(Lanes.SPECIES, weights[from + i]);
        int value = values + i * headSize;
        sum0 = weight.fma(FloatVector.fromArray(Lanes.SPECIES, page, value), sum0);
        sum1 = weight.fma(FloatVector.fromArray(Lanes.SPECIES, page, value + WIDTH), sum1);
        sum2 = weight.fma(FloatVector.fromArray(Lanes.SPECIES, page, value + 2 * WIDTH), sum2);
        sum3 = weight.fma(FloatVector.fromArray(Lanes.SPECIES, page, value + 3 * WIDTH), sum3);
      }
      sum0.intoArray(sums, column);
      sum1.intoArray(sums, column + WIDTH);
      sum2.intoArray(sums, column + 2 * WIDTH);
      sum3.intoArray(sums, column + 3 * WIDTH);
    }

    private static void addOne(
        float[] page,
        int values,
        int headSize,
        float[] weights,
        int from,
        int to,
        float[] sums,
        int column) {
      FloatVector sum = FloatVector.fromArray(Lanes.SPECIES, sums, column);
      for (int i = 0; i < to - from; i++) {
        FloatVector weight = FloatVector.broadcast(Lanes.SPECIES, weights[from + i]);
        sum = weight.fma(FloatVector.fromArray(Lanes.SPECIES, page, values + i * headSize), sum);
      }
      sum.intoArray(sums, column);
    }
  }
}
