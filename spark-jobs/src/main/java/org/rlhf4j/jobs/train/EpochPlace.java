package org.rlhf4j.jobs.train;

import java.io.Serializable;
import org.apache.spark.Partitioner;

/**
 * Where an {@link EpochPlan} puts an example. It goes along with the example through the shuffle,
 * so that the tasks of the rounds need no plan.
 *
 * @param partition of its round and worker
 * @param step of the epoch, from 0
 * @param key by which the examples of the epoch are sorted
 */
record EpochPlace(int partition, int step, long key)
    implements Comparable<EpochPlace>, Serializable {
  @Override
  public int compareTo(EpochPlace other) {
    return Long.compare(key, other.key);
  }

  /** Sends each example to the partition of its place. */
  static final class ByPartition extends Partitioner {
    private static final long serialVersionUID = 1L;

    private final int partitions;

    ByPartition(int partitions) {
      this.partitions = partitions;
    }

    @Override
    public int numPartitions() {
      return partitions;
    }

    @Override
    public int getPartition(Object place) {
      return ((EpochPlace) place).partition();
    }
  }
}
