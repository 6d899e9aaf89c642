package org.rlhf4j.jobs.rollout;

import java.io.Serializable;
import java.util.Comparator;
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

  /** The order of ids. */
  record OfIds() implements Comparator<String>, Serializable {
    @Override
    public int compare(String left, String right) {
      int byBucket = Integer.compare(bucket(left), bucket(right));
      return byBucket != 0 ? byBucket : left.compareTo(right);
    }
  }

  @Override
  public int numPartitions() {
    return partitions;
  }

  /** Of an id. */
  @Override
  public int getPartition(Object key) {
    return (int) ((long) bucket((String) key) * partitions / BUCKETS);
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
