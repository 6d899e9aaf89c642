package org.rlhf4j.jobs.rollout;

import java.io.Serializable;
import org.apache.spark.Partitioner;

/**
 * One order of all responses of an iteration, whatever the number of partitions: first by bucket of
 * their id, then by id. Partitions are runs of whole buckets, so a sum within each bucket, then
 * over the buckets in order, adds the same numbers in the same order on any cluster.
 */
final class ResponseOrder extends Partitioner {
  /** Also the largest useful number of partitions. */
  static final int BUCKETS = 1024;

  private static final long serialVersionUID = 1L;

  private final int partitions;

  ResponseOrder(int partitions) {
    this.partitions = partitions;
  }

  static int bucket(String rolloutId) {
    return Math.floorMod(rolloutId.hashCode(), BUCKETS);
  }

  /**
   * Place of a row in the order.
   *
   * @param side rows of one response stand in this order: its rollout, then its score
   */
  record Key(int bucket, String rolloutId, int side) implements Serializable, Comparable<Key> {
    private static final int ROLLOUT = 0;
    private static final int SCORE = 1;

    static Key ofRollout(String rolloutId) {
      return new Key(ResponseOrder.bucket(rolloutId), rolloutId, ROLLOUT);
    }

    static Key ofScore(String rolloutId) {
      return new Key(ResponseOrder.bucket(rolloutId), rolloutId, SCORE);
    }

    @Override
    public int compareTo(Key other) {
      if (bucket != other.bucket) {
        return Integer.compare(bucket, other.bucket);
      }
      int byId = rolloutId.compareTo(other.rolloutId);
      return byId != 0 ? byId : Integer.compare(side, other.side);
    }
  }

  @Override
  public int numPartitions() {
    return partitions;
  }

  @Override
  public int getPartition(Object key) {
    return (int) ((long) ((Key) key).bucket() * partitions / BUCKETS);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof ResponseOrder order && order.partitions == partitions;
  }

  @Override
  public int hashCode() {
    return partitions;
  }
}
