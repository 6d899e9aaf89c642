package org.rlhf4j.jobs.prepare.similar;

import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.Iterator;
import java.util.NoSuchElementException;
import org.apache.spark.Partitioner;
import scala.Tuple2;

/**
 * The entries of signatures, one in each band's bucket, on their way to the partitions of their
 * buckets: (bucket, sketch, id) in blocks of plain numbers, because ten rows for each text would
 * cost more than all that is done with them.
 */
final class BucketEntries implements Iterator<Tuple2<Integer, long[]>> {
  /** Numbers of an entry. */
  static final int WIDTH = 3;

  private static final int BLOCK = 256 * WIDTH;

  private final Iterator<Signature> signatures;
  private final long[][] blocks;
  private final int[] sizes;
  private final Deque<Tuple2<Integer, long[]>> full = new ArrayDeque<>();
  private int emptied;

  /** Keys are partitions. */
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
    public int getPartition(Object key) {
      return (Integer) key;
    }
  }

  BucketEntries(Iterator<Signature> signatures, int partitions) {
    this.signatures = signatures;
    this.blocks = new long[partitions][];
    this.sizes = new int[partitions];
  }

  @Override
  public boolean hasNext() {
    while (full.isEmpty() && signatures.hasNext()) {
      add(signatures.next());
    }

    while (full.isEmpty() && emptied < blocks.length) {
      if (sizes[emptied] > 0) {
        full.add(new Tuple2<>(emptied, Arrays.copyOf(blocks[emptied], sizes[emptied])));
      }

      blocks[emptied] = null;
      emptied++;
    }

    return !full.isEmpty();
  }

  @Override
  public Tuple2<Integer, long[]> next() {
    if (!hasNext()) {
      throw new NoSuchElementException("No more blocks");
    }

    return full.remove();
  }

  private void add(Signature signature) {
    for (long bucket : signature.bands()) {
      int partition = Math.floorMod(bucket, blocks.length);
      if (blocks[partition] == null) {
        blocks[partition] = new long[BLOCK];
      }

      long[] block = blocks[partition];
      int end = sizes[partition];
      block[end] = bucket;
      block[end + 1] = signature.sketch();
      block[end + 2] = signature.id();
      sizes[partition] = end + WIDTH;
      if (end + WIDTH == BLOCK) {
        full.add(new Tuple2<>(partition, block.clone()));
        sizes[partition] = 0;
      }
    }
  }
}
