package org.rlhf4j.jobs.prepare;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class TestShardPlan {
  private static final long SEED = 0;

  @Test
  void theLongestBucketsGoFirstToTheShortestShards() {
    long[] buckets = {3, 9, 2, 7, 5, 4};

    // 9, 7; 5 to 7, 4 to 9, 3 to 12, 2 to 13
    assertThat(ShardPlan.of(buckets, 2, SEED).lengths()).containsExactly(15, 15);
  }

  @Test
  void aBucketIsNeverCut() {
    assertThat(ShardPlan.of(new long[] {100, 1, 1}, 3, SEED).lengths()).containsExactly(100, 1, 1);
  }
}
