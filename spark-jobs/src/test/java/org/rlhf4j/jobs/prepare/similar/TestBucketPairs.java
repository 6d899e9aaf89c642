package org.rlhf4j.jobs.prepare.similar;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import org.junit.jupiter.api.Test;

class TestBucketPairs {
  private static final long SKETCH = 0x5555_5555_5555_5555L;

  @Test
  void aHotBucketCostsAsManyPairsAsItsWindowAllows() {
    int texts = 1_000;
    List<Pair> pairs = pairs(bucket(7, texts), bucket(8, 1));

    int inWindow = BucketPairs.WINDOW * (BucketPairs.WINDOW + 1) / 2;
    int others = (texts - 1 - BucketPairs.WINDOW) * (BucketPairs.WINDOW + 1);
    assertThat(pairs).hasSize(inWindow + others);
    assertThat(new HashSet<>(pairs)).hasSameSizeAs(pairs);
  }

  /** What would hold them to tell would hold all pairs of a hot bucket. */
  @Test
  void pairsOfSeveralBucketsComeSeveralTimes() {
    assertThat(pairs(bucket(7, 2), bucket(8, 2))).containsExactly(Pair.of(0, 1), Pair.of(0, 1));
  }

  /** A text may have several entries in a bucket. */
  @Test
  void aTextIsNoPairOfItself() {
    assertThat(pairs(bucket(7, 1), bucket(7, 1))).isEmpty();
  }

  private static List<Pair> pairs(long[]... blocks) {
    List<Pair> pairs = new ArrayList<>();
    Iterator<Pair> found = BucketPairs.of(List.of(blocks).iterator());
    found.forEachRemaining(pairs::add);
    return pairs;
  }

  private static long[] bucket(long bucket, int texts) {
    long[] entries = new long[texts * BucketEntries.WIDTH];
    for (int i = 0; i < texts; i++) {
      entries[i * BucketEntries.WIDTH] = bucket;
      entries[i * BucketEntries.WIDTH + 1] = SKETCH;
      entries[i * BucketEntries.WIDTH + 2] = i;
    }

    return entries;
  }
}
