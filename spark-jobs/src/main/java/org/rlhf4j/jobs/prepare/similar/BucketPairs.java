package org.rlhf4j.jobs.prepare.similar;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.NoSuchElementException;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.rlhf4j.data.similarity.MinHash;

/**
 * Pairs worth comparing among the texts of one bucket after the other; rows are (bucket, sketch,
 * id) in this order.
 *
 * <p>Work is bounded: a text is held against the first of its bucket and the 32 before it, and
 * sketches decide whether a pair is worth more. So a bucket of n texts costs 33 n at most and not
 * n^2/2. Nothing is lost for that where it counts: like texts have like sketches and stand near
 * each other, and links to the first and to neighbours connect a bucket of like texts as well as
 * all its pairs do; nine other bands see the same texts in another company.
 */
final class BucketPairs implements Iterator<Row> {
  /** Neighbours that a text is held against; buckets up to this size are compared whole. */
  static final int WINDOW = 32;

  /**
   * Least likeness by sketches. At a Jaccard index of 0.8 two sketches in one bucket share 58 +- 2
   * bits of 64, and fewer than the 50 asked for once in two thousand times.
   */
  static final double LEAST_ESTIMATE = 0.55;

  private final Iterator<Row> entries;
  private final Deque<Row> found = new ArrayDeque<>();
  private final long[] ids = new long[WINDOW];
  private final long[] sketches = new long[WINDOW];
  private long bucket;
  private long firstId;
  private long firstSketch;
  private long size;

  BucketPairs(Iterator<Row> entries) {
    this.entries = entries;
  }

  @Override
  public boolean hasNext() {
    while (found.isEmpty() && entries.hasNext()) {
      add(entries.next());
    }

    return !found.isEmpty();
  }

  @Override
  public Row next() {
    if (!hasNext()) {
      throw new NoSuchElementException("No more pairs");
    }

    return found.remove();
  }

  private void add(Row entry) {
    long sketch = entry.getLong(1);
    long id = entry.getLong(2);
    if (size == 0 || entry.getLong(0) != bucket) {
      bucket = entry.getLong(0);
      firstId = id;
      firstSketch = sketch;
      size = 0;
    }

    int neighbours = (int) Math.min(size, WINDOW);
    for (int i = 0; i < neighbours; i++) {
      compare(ids[i], sketches[i], id, sketch);
    }

    if (size > WINDOW) {
      compare(firstId, firstSketch, id, sketch);
    }

    int place = (int) (size % WINDOW);
    ids[place] = id;
    sketches[place] = sketch;
    size++;
  }

  private void compare(long leftId, long leftSketch, long rightId, long rightSketch) {
    if (leftId != rightId && MinHash.estimate(leftSketch, rightSketch) >= LEAST_ESTIMATE) {
      found.add(RowFactory.create(Math.min(leftId, rightId), Math.max(leftId, rightId)));
    }
  }
}
