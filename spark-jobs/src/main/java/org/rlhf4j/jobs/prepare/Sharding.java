package org.rlhf4j.jobs.prepare;

/**
 * Into how many files a dataset is cut.
 *
 * @param shards 0 means as many as there are {@code rowsPerShard} raw rows
 * @param seed of the hash that places prompts
 */
record Sharding(int shards, int rowsPerShard, long seed) {

  /**
   * @param rows raw rows that are kept for the dataset
   */
  int of(long rows) {
    return shards > 0 ? shards : partitions(rows);
  }

  /** Partitions to work in on this many rows. */
  int partitions(long rows) {
    return (int) Math.max(1, (rows + rowsPerShard - 1) / rowsPerShard);
  }
}
