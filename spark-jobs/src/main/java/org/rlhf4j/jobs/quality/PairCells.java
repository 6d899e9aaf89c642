package org.rlhf4j.jobs.quality;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.rlhf4j.jobs.quality.CohenKappa.Cell;

/**
 * Common items of a pair of annotators by the two labels, cluster by cluster: items of a cluster
 * are resampled together. Clusters of one item are counted by their cell, in all and in every
 * replicate; of those with several items, which are nearly all different, the cells are kept.
 */
final class PairCells {
  /** Looks at clusters that have the same cells. */
  @FunctionalInterface
  interface Visitor {
    /**
     * @param cells of one cluster
     * @param clusters with these cells
     * @param resampled those in each replicate; valid during the call, [replicates]
     */
    void visit(List<Cell> cells, int clusters, int[] resampled);
  }

  /** Clusters of one item. */
  private static final class Count {
    private final int[] resampled;
    private int clusters;

    Count(int replicates) {
      this.resampled = new int[replicates];
    }
  }

  private final byte[] weights;
  private final Map<Long, Count> ofOneItem = new HashMap<>();

  /** The cluster, then the cells of its items. */
  private final List<long[]> ofSeveral = new ArrayList<>();

  /** Of the cluster at hand: itself, then the cells of its items. */
  private long[] open = new long[2];

  private int size;

  PairCells(int replicates) {
    this.weights = new byte[replicates];
  }

  /**
   * @param cell {@link CommonItem#key} of the labels of one item
   * @param cluster of items that are not independent, which must come one after the other
   */
  void add(long cell, long cluster) {
    if (size > 0 && cluster != open[0]) {
      end();
    }

    open[0] = cluster;
    size++;
    if (size == open.length) {
      open = Arrays.copyOf(open, 2 * size);
    }

    open[size] = cell;
  }

  /** To be called after the last item. */
  void end() {
    if (size == 1) {
      count(open[1], open[0]);
    } else if (size > 1) {
      ofSeveral.add(Arrays.copyOf(open, 1 + size));
    }

    size = 0;
  }

  private void count(long cell, long cluster) {
    Count count = ofOneItem.computeIfAbsent(cell, key -> new Count(weights.length));
    count.clusters++;
    Resampling.fillWeights(cluster, weights);
    for (int replicate = 0; replicate < weights.length; replicate++) {
      count.resampled[replicate] += weights[replicate];
    }
  }

  /** All items. */
  List<Cell> cells() {
    Map<Long, Long> items = new HashMap<>();
    ofOneItem.forEach((cell, count) -> items.put(cell, (long) count.clusters));
    for (long[] cluster : ofSeveral) {
      for (int item = 1; item < cluster.length; item++) {
        items.merge(cluster[item], 1L, Long::sum);
      }
    }

    List<Cell> cells = new ArrayList<>(items.size());
    items.forEach((cell, count) -> cells.add(cell(cell, count)));
    return cells;
  }

  /** Every cluster once, in no order. */
  void forEachCluster(Visitor visitor) {
    ofOneItem.forEach(
        (cell, count) -> visitor.visit(List.of(cell(cell, 1)), count.clusters, count.resampled));
    int[] resampled = new int[weights.length];
    for (long[] cluster : ofSeveral) {
      Resampling.fillWeights(cluster[0], weights);
      for (int replicate = 0; replicate < weights.length; replicate++) {
        resampled[replicate] = weights[replicate];
      }

      visitor.visit(
          Arrays.stream(cluster).skip(1).mapToObj(cell -> cell(cell, 1)).toList(), 1, resampled);
    }
  }

  private static Cell cell(long cell, long items) {
    return new Cell(CommonItem.first(cell), CommonItem.second(cell), items);
  }
}
